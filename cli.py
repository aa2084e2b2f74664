"""The command line. Parses, calls, prints; a refusal is one line on standard error."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from api.commands.audit.app import audit_app
from core import settings as configuration
from core.errors import AftercareError
from core.settings import Settings, write_private

app = typer.Typer(
    name="aftercare",
    help="After-sales service cases as durable workflows.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
case_app = typer.Typer(help="Open, show and export cases.", no_args_is_help=True)
plans_app = typer.Typer(help="Service plans.", no_args_is_help=True)
calendars_app = typer.Typer(help="Working calendars.", no_args_is_help=True)
files_app = typer.Typer(help="Photos, videos and documents.", no_args_is_help=True)
keys_app = typer.Typer(help="Keys that protect what cases hold.", no_args_is_help=True)
user_app = typer.Typer(help="People who can sign in.", no_args_is_help=True)
knowledge_app = typer.Typer(help="The knowledge base.", no_args_is_help=True)
app.add_typer(case_app, name="case")
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(plans_app, name="plans")
app.add_typer(user_app, name="user")
app.add_typer(calendars_app, name="calendars")
app.add_typer(files_app, name="files")
app.add_typer(keys_app, name="keys")
app.add_typer(audit_app, name="audit")

Home = Annotated[Path | None, typer.Option("--home", help="Folder of the state (or AFTERCARE_HOME).", metavar="DIR")]
As = Annotated[str, typer.Option("--user", help="On whose behalf.", metavar="USER")]
_errors = Console(stderr=True, highlight=False, soft_wrap=True)


def _settings(home: Path | None) -> Settings:
    return configuration.load(home=home)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@app.command()
def up(
    home: Home = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the pages; 0 takes a free one.")] = 8000,
    speed: Annotated[
        float | None, typer.Option(min=0.001, max=1_000_000, help="How fast the product's clock runs; fixed per home.")
    ] = None,
    sample_data: Annotated[bool, typer.Option(help="Open believable sample cases at the first start.")] = False,
) -> None:
    """Start the whole product on this machine and keep it running; Ctrl-C stops all of it."""
    from core.embedded.progress import Progress
    from core.embedded.up import Wish
    from core.embedded.up import up as run

    chosen = home or configuration.load().home
    run(Wish(chosen, port, speed, sample_data), _prepare, Progress())


def _prepare(settings: Settings, home: Any) -> Any:
    from api.commands.people import prepare

    return prepare(settings, home)


@app.command()
def worker(home: Home = None) -> None:
    """Run one worker, configured by AFTERCARE_* variables."""
    from worker import main as work

    work(_settings(home))


@app.command()
def server(home: Home = None) -> None:
    """Run one API process, configured by AFTERCARE_* variables."""
    from server import serve

    serve(_settings(home))


@app.command()
def migrate(home: Home = None) -> None:
    """Bring the database to today's schema; harmless when it is."""
    from api.commands.database import migrate as run

    run(_settings(home))


@app.command()
def token(
    user: Annotated[str, typer.Argument(metavar="USER")],
    home: Home = None,
    days: Annotated[float, typer.Option(min=0.001, max=3650, help="How long it is valid.")] = 30,
) -> None:
    """Print a new API token of a user."""
    from api.commands.people import token as make

    typer.echo(asyncio.run(make(_settings(home), user, timedelta(days=days))))


@app.command(hidden=True)
def samples(home: Home = None) -> None:
    """Play the sample cases against the running product."""
    from api.commands.samples import play

    asyncio.run(play(_settings(home), typer.echo))


@user_app.command("add")
def user_add(
    user: Annotated[str, typer.Argument(metavar="USER")],
    role: Annotated[list[str], typer.Option(help="A role of the person; may be given several times.")],
    name: Annotated[str, typer.Option(help="Name as others read it; the sign-in name by default.")] = "",
    email: Annotated[str | None, typer.Option(help="Where notices for the person go.")] = None,
    home: Home = None,
) -> None:
    """Add a person and print the first password."""
    from api.commands.people import add

    typer.echo(asyncio.run(add(_settings(home), user, name or user, role, email)))


@user_app.command("email")
def user_email(
    user: Annotated[str, typer.Argument(metavar="USER")],
    address: Annotated[str, typer.Argument(metavar="[ADDRESS]")] = "",
    home: Home = None,
) -> None:
    """Set where notices for a person go; without an address they get none."""
    from api.commands.people import set_email

    asyncio.run(set_email(_settings(home), user, address or None))


@user_app.command("unlock")
def user_unlock(user: Annotated[str, typer.Argument(metavar="USER")], home: Home = None) -> None:
    """Let somebody sign in again who is locked after too many wrong passwords."""
    from api.commands.people import unlock

    typer.echo("unlocked" if asyncio.run(unlock(_settings(home), user)) else "was not locked")


@user_app.command("link")
def user_link(user: Annotated[str, typer.Argument(metavar="USER")], home: Home = None) -> None:
    """Print a link with which somebody chooses a new password, once."""
    from api.commands.people import password_link

    typer.echo(asyncio.run(password_link(_settings(home), user)))


@case_app.command("open")
def case_open(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="JSON as POST /api/v1/cases takes it; - reads standard input.")
    ],
    home: Home = None,
    user: As = "admin",
    key: Annotated[str | None, typer.Option(help="A repeat with the same key is the same case.")] = None,
) -> None:
    """Open a case."""
    from api.commands.cases import open_case

    _print_json(asyncio.run(open_case(_settings(home), file, user, key)))


@case_app.command("show")
def case_show(case_id: Annotated[str, typer.Argument(metavar="ID")], home: Home = None, user: As = "admin") -> None:
    """Show a case as JSON."""
    from api.commands.cases import show_case

    _print_json(asyncio.run(show_case(_settings(home), case_id, user)))


@case_app.command("history")
def case_history(
    case_id: Annotated[str, typer.Argument(metavar="ID")],
    home: Home = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.", metavar="FILE")] = None,
) -> None:
    """Export the Temporal history of a case as JSON."""
    from api.commands.cases import history

    text = asyncio.run(history(_settings(home), case_id))
    if output is None:
        typer.echo(text)
    else:
        write_private(output, text + "\n")


@plans_app.command("check")
def plans_check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...")] = None, home: Home = None
) -> None:
    """Check plan files, all of the product's by default."""
    from activities.calendars import national_calendar
    from api.commands.plans import check

    paths, problems = check(files or [], _settings(home).plans_dir, national_calendar)
    for problem in problems:
        where = ": ".join(part for part in (problem.file, problem.key) if part)
        _errors.print(f"{where}: {problem.reason}", markup=False)
    if problems:
        raise typer.Exit(1)
    typer.echo(f"{len(paths)} {'plan is' if len(paths) == 1 else 'plans are'} valid")


@plans_app.command("show")
def plans_show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a plan, or a file that ends in .toml.")],
    home: Home = None,
) -> None:
    """Show a plan as a person reads it."""
    from api.commands.plans import show

    show(name, _settings(home).plans_dir, Console(highlight=False))


@calendars_app.command("renew")
def calendars_renew(home: Home = None, user: As = "admin") -> None:
    """Compute provisional deadlines anew where the calendar is published by now; each is a new promise on record."""
    from activities.calendars import national_calendar
    from api.commands.calendars import renew

    for case_id in asyncio.run(renew(_settings(home), user, national_calendar)):
        typer.echo(case_id)


@knowledge_app.command("import")
def knowledge_import(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Holds <plan>/<model>.md files.")],
    home: Home = None,
    user: As = "admin",
) -> None:
    """Publish a folder of files as articles; again with changed files: what nobody edited since is changed."""
    from api.commands.knowledge import import_folder

    done = asyncio.run(import_folder(_settings(home), folder, user))
    for name in done.kept:
        _errors.print(f"{name}: edited since it was imported; the article stays as it is", markup=False)
    typer.echo(
        f"{len(done.added)} added, {len(done.changed)} changed, {len(done.same)} as before, {len(done.kept)} kept"
    )


@files_app.command("clean")
def files_clean(
    home: Home = None,
    days: Annotated[
        float | None,
        typer.Option(min=0.04, max=3650, help="Real days an upload waits for a use (the setting)."),
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Only tell what would go.")] = False,
) -> None:
    """Remove uploads that nothing names and that are old enough; a file that anything names stays."""
    from api.commands.files import clean

    typer.echo(asyncio.run(clean(_settings(home), days, dry_run=dry_run)))


@keys_app.command("rotate")
def keys_rotate(home: Home = None) -> None:
    """Wrap the keys of all cases by a new master key."""
    from api.commands.keys import rotate

    done = asyncio.run(rotate(_settings(home)))
    by = f"the new master key {done.added}" if done.added else "the first master key of AFTERCARE_MASTER_KEYS"
    typer.echo(f"{done.wrapped} keys wrapped by {by}")


def main() -> None:
    """Run the command line; exit status 1 for a refusal, 2 for wrong usage."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except typer.TyperException as error:
        if message := error.format_message():  # empty when the help was shown instead
            _errors.print(f"aftercare: {message} (`aftercare --help` tells more)", markup=False)
        sys.exit(2)
    except AftercareError as error:
        _errors.print(f"aftercare: {error}", markup=False)
        sys.exit(1)
    except OSError as error:
        _errors.print(f"aftercare: {error.strerror or error}: {error.filename or ''}".rstrip(": "), markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
