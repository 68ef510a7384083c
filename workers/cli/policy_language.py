"""`sightline policy reference` and `policy schema`: the language of policy files, for people and for their editors."""

import json

import typer

from services.modules import CATALOGUE
from services.policy.describe.vocabulary import vocabulary
from services.policy.reference import reference
from services.policy.schema import schema_of_policies
from workers.cli.policy import policy_app


def add_to(app: typer.Typer) -> None:
    """Add the commands to those about policies."""
    del app  # they stand under `policy`, which is already a part of the program
    policy_app.command("reference")(show_reference)
    policy_app.command("schema")(show_schema)


def show_reference() -> None:
    """Print the reference of the language as Markdown: each key with an example, and each word that a rule may use."""
    typer.echo(reference() + vocabulary(CATALOGUE.known), nl=False)


def show_schema() -> None:
    """Print the JSON Schema of the language: editors complete and check a policy file by it while it is typed."""
    typer.echo(json.dumps(schema_of_policies(CATALOGUE.known), indent=2, ensure_ascii=False))
