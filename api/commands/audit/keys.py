"""`aftercare audit keys`: the keys archives are signed with."""

from __future__ import annotations

import json

import typer

from api.commands.audit.options import Home
from core import settings as configuration
from core.errors import Refused

app = typer.Typer(help="The keys archives are signed with.", no_args_is_help=True)


@app.command("show")
def show(home: Home = None) -> None:
    """Print the public keys as JSON: the file to hand to an auditor for `--trust`."""
    from core.signing import known_keys, public_json

    settings = configuration.load(home=home)
    known = known_keys(settings)
    if not known:
        raise Refused(f"{settings.home} has no signing key yet: `aftercare up` makes one at its first start")
    typer.echo(json.dumps(public_json(known), indent=2))


@app.command("rotate")
def rotate(home: Home = None) -> None:
    """Sign with a new key from now on; the present one makes it known, and archives it signed stay valid."""
    from core.signing import rotate as turn

    keys = turn(configuration.load(home=home))
    typer.echo(f"{keys.current.key_id} signs from now on, made known by {keys.current.endorsed_by}")
    typer.echo("workers take it with their next archive; `aftercare audit keys show` prints what auditors need")
