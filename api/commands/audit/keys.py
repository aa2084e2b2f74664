"""`aftercare audit keys`: the keys archives are signed with, and the keys of cases that somebody handed over."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.audit.options import Home
from core import settings as configuration
from core.errors import Invalid, Refused

if TYPE_CHECKING:
    from core.keys import CaseKey
    from core.settings import Settings

app = typer.Typer(help="The keys archives are signed with, and keys of cases handed over.", no_args_is_help=True)


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


@app.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="SECRET-case-keys.json of a bundle with keys.")],
    home: Home = None,
) -> None:
    """Take in the keys of cases from a bundle, so that their archives can be opened and replayed with this home."""
    from core.keys.master import ensure_master_keys

    keys = _handed_over(file)
    settings = configuration.load(home=home)
    if not settings.master_keys.get_secret_value():
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        ensure_master_keys(settings.home)
        settings = configuration.load(home=home)
    taken = asyncio.run(_keep(settings, keys))
    typer.echo(
        f"{taken} of {len(keys)} keys taken in; the others were here" if taken < len(keys) else f"{taken} keys taken in"
    )


def _handed_over(file: Path) -> list[CaseKey]:
    """Reads the keys of a bundle. Raises Invalid."""
    from core.keys import CaseKey

    try:
        given = json.loads(file.read_text(encoding="utf-8"))["keys"]
        return [CaseKey(str(one["key_id"]), str(one["subject"]), bytes.fromhex(one["secret"])) for one in given]
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise Invalid(f"{file} is no file of case keys as `aftercare audit export --with-keys` writes it") from None


async def _keep(settings: Settings, keys: list[CaseKey]) -> int:
    from core.keys import open_keys

    async with open_keys(settings) as ring:
        return sum([await ring.take_in(key) for key in keys])
