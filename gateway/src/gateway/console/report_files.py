"""Makes the file of a report's page without a browser: the page's own view, for a person who is not at the screen.

What a report is called, its words and its periods are those of the page, so a mailed report is the one that was seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.errors import Internal, NotFound
from flask import Flask, Response, g, request
from funia.analytics.v1 import dashboard_pb2 as pb
from werkzeug.http import parse_options_header
from werkzeug.test import EnvironBuilder

from gateway.console import formats
from gateway.console.backend import call
from gateway.console.blueprint import console_blueprint
from gateway.console.dashboard_tiles import of_nothing
from gateway.console.ports import ConsoleServices, Session
from gateway.console.views.dashboards import service as dashboards
from gateway.identity.letters import Attachment

_PLAIN = ("customers", "movement", "retention", "funnel", "prices", "bridge", "leakage", "elasticity", "forecast")
FILES: Mapping[str, str] = {
    "console.sales_report": "console.sales_report_file",
    "console.analysis": "console.analysis_file",
    "console.dashboard": "console.dashboard_file",
    **{f"console.analysis_{one}": "console.analysis_file" for one in _PLAIN},
    **{f"console.analysis_{one}": "console.analysis_model_file" for one in ("worth", "churn", "clusters")},
    "console.analysis_baskets": "console.analysis_baskets_file",
}
"""Views of reports' pages, and those of their files, which take the same address and a `form`."""


class ReportDesk:
    """Makes files. Thread-safe."""

    def __init__(self, services: ConsoleServices) -> None:
        self._app = Flask("reports", static_folder=None)
        self._app.register_blueprint(console_blueprint(services))

    def __call__(self, session: Session, report: str, form: str) -> Attachment:
        """The file of a page's address. Raises NotFound where that is no report, and whatever its service says."""
        path, _, query = report.partition("?")
        builder = EnvironBuilder(path=path, query_string=query)
        with self._app.request_context(builder.get_environ()):
            view = FILES.get(request.endpoint or "")
            if view is None:
                raise NotFound("There is no report at this address.", reason="REPORT_NOT_FOUND")
            g.console_session = session
            answer = self._app.view_functions[view](**(request.view_args or {}), form=form)
            return _file(answer)

    def holds(self, session: Session, condition: Mapping[str, Any]) -> bool:
        """Whether a figure, as this person may see it, lies above or below a value in any currency."""
        with self._app.request_context(EnvironBuilder().get_environ()):
            g.console_session = session
            tile = pb.Tile(metrics=[condition["metric"]], period=condition["period"], chart="number")
            asked = pb.QueryTilesRequest(tiles=[tile], today=formats.now().date().isoformat())
            figures = call(dashboards().QueryTiles, asked).tiles[0].figures
            values: list[int] = [row.values[0].value for row in figures.totals if row.values[0].HasField("value")]
            nothing = of_nothing(condition["metric"], figures.metrics[0].unit)
            if not figures.totals and nothing is not None:
                values.append(nothing)
            wanted: int = condition["value"]
            return any(one > wanted if condition["comparison"] == "above" else one < wanted for one in values)


def _file(answer: object) -> Attachment:
    if not isinstance(answer, Response):
        raise Internal("a view of a report's file answered with something else")
    if answer.status_code == 404:
        raise NotFound("There is no report at this address.", reason="REPORT_NOT_FOUND")
    _, options = parse_options_header(answer.headers.get("Content-Disposition", ""))
    return Attachment(options["filename"], answer.content_type or "application/octet-stream", answer.get_data())
