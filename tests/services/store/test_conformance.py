"""The library's own conformance cases, on one server and on a replicated cluster."""

from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import AggregateRecorder
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
)
from eventsourcing.utils import Environment

from services.store.factory import Factory
from services.store.naming import event_naming, snapshot_naming
from services.store.recorders import JetStreamAggregateRecorder, JetStreamApplicationRecorder
from tests.stores import Store


class OnSingle:
    """Hands the store with one copy to a case of the library, which knows no fixtures."""

    store: Store

    @pytest.fixture(autouse=True)
    def _on_single(self, single_store: Store) -> None:
        self.store = single_store


class OnCluster:
    """Hands the store with three copies to a case of the library."""

    store: Store

    @pytest.fixture(autouse=True)
    def _on_cluster(self, replicated_store: Store) -> None:
        self.store = replicated_store


class AggregateCase(AggregateRecorderTestCase):
    store: Store

    def create_recorder(self) -> AggregateRecorder:
        return JetStreamAggregateRecorder(self.store.link, event_naming(self.store.authority()))


class SnapshotCase(AggregateRecorderTestCase):
    store: Store

    def create_recorder(self) -> AggregateRecorder:
        return JetStreamAggregateRecorder(self.store.link, snapshot_naming(self.store.authority()))


class ApplicationCase(ApplicationRecorderTestCase[JetStreamApplicationRecorder]):
    store: Store

    def create_recorder(self) -> JetStreamApplicationRecorder:
        return self.store.recorder()

    def test_insert_subscribe(self) -> None:
        """The library's optional case: a subscription gives what is there and then what is written."""
        self.optional_test_insert_subscribe()


class NamedAggregatesCase(ApplicationCase):
    def new_originator_id(self) -> str:
        return f"audit/{uuid4()}"


class NonInterleavingCase(NonInterleavingNotificationIDsBaseCase):
    store: Store

    def create_recorder(self) -> JetStreamApplicationRecorder:
        return self.store.recorder()


class TestAggregateRecorder(OnSingle, AggregateCase):
    """One server keeps the contract of an aggregate recorder."""


class TestAggregateRecorderOnCluster(OnCluster, AggregateCase):
    """A cluster keeps the contract of an aggregate recorder."""


class TestSnapshotRecorder(OnSingle, SnapshotCase):
    """The snapshot stream keeps the contract of an aggregate recorder."""


class TestSnapshotRecorderOnCluster(OnCluster, SnapshotCase):
    """The replicated snapshot stream keeps the contract of an aggregate recorder."""


class TestApplicationRecorder(OnSingle, ApplicationCase):
    """One server keeps the contract of an application recorder."""


class TestApplicationRecorderOnCluster(OnCluster, ApplicationCase):
    """A cluster keeps the contract of an application recorder."""


class TestNamedAggregates(OnSingle, NamedAggregatesCase):
    """The contract holds for our own ids as well."""


class TestNonInterleaving(OnSingle, NonInterleavingCase):
    """Two batches of a thousand never mix on one server."""


class TestNonInterleavingOnCluster(OnCluster, NonInterleavingCase):
    """Two batches of a thousand never mix on a cluster."""


class FactoryCase(InfrastructureFactoryTestCase[Factory]):
    """The cases of a factory; those of tracking and processing are answered by refusing both."""

    store: Store

    def setUp(self) -> None:
        type(self).env = Environment(
            env={
                "PERSISTENCE_MODULE": "services.store.factory",
                "NATS_URL": self.store.url,
                "NATS_AUTHORITY": self.store.authority(),
            }
        )
        super().setUp()

    def expected_factory_class(self) -> type[Factory]:
        return Factory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return JetStreamAggregateRecorder

    def expected_application_recorder_class(self) -> type[JetStreamApplicationRecorder]:
        return JetStreamApplicationRecorder

    def expected_tracking_recorder_class(self) -> Any:
        return None

    def tracking_recorder_subclass(self) -> Any:
        return None

    def expected_process_recorder_class(self) -> Any:
        return None

    def test_create_tracking_recorder(self) -> None:
        """A position belongs to its read model: the factory says so instead of keeping one."""
        with pytest.raises(NotImplementedError, match="read models"):
            self.factory.tracking_recorder()

    def test_create_process_recorder(self) -> None:
        """Nor does it keep events and positions of another application together."""
        with pytest.raises(NotImplementedError, match="read models"):
            self.factory.process_recorder()


class TestFactory(OnSingle, FactoryCase):
    """One server gives what the library asks of a factory."""


class TestFactoryOnCluster(OnCluster, FactoryCase):
    """A cluster gives what the library asks of a factory."""


del (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
)
del AggregateCase, SnapshotCase, ApplicationCase, NamedAggregatesCase, NonInterleavingCase, FactoryCase
