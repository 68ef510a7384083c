"""The children's keys: every free text is sealed with one child's key, and erasing the key erases the text.

Start at `Keyring`. `MasterKey` wraps the children's keys, a `Bucket` keeps them wrapped.
"""

from services.keyring.bucket import Bucket, JetStreamBucket
from services.keyring.keyring import Keyring
from services.keyring.master import MasterKey
from services.keyring.record import KeyRecord
from services.keyring.texts import Erased, Lost, Tampered

__all__ = [
    "Bucket",
    "Erased",
    "JetStreamBucket",
    "KeyRecord",
    "Keyring",
    "Lost",
    "MasterKey",
    "Tampered",
]
