"""The group `aftercare audit`: what an auditor asks of the record. Each command lives in a module of its own."""

from __future__ import annotations

import typer

from api.commands.audit import keys
from api.commands.audit.archive import archive
from api.commands.audit.compare import compare
from api.commands.audit.erase import erase, hold, release
from api.commands.audit.export import export
from api.commands.audit.preflight import preflight
from api.commands.audit.rebuild import rebuild
from api.commands.audit.replay import replay
from api.commands.audit.retention import retention
from api.commands.audit.verify import verify

audit_app = typer.Typer(help="Prove what the record says: verify, replay, compare, export.", no_args_is_help=True)
audit_app.add_typer(keys.app, name="keys")
audit_app.command("archive")(archive)
audit_app.command("verify")(verify)
audit_app.command("replay")(replay)
audit_app.command("compare")(compare)
audit_app.command("rebuild")(rebuild)
audit_app.command("preflight")(preflight)
audit_app.command("export")(export)
audit_app.command("erase")(erase)
audit_app.command("hold")(hold)
audit_app.command("release")(release)
audit_app.command("retention")(retention)
