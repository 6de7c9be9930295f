"""The whole program once, in its smallest size: it starts a stack, measures and keeps what it measured."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from bench.__main__ import main


@pytest.mark.soak
def test_a_quick_run_measures_requests_beside_their_floor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--results", str(tmp_path), "requests"]) == 0
    latest = {figure["name"]: figure for figure in orjson.loads((tmp_path / "latest.json").read_bytes())}
    assert list(latest) == [
        "get contact",
        "list 50 contacts, summary",
        "list 50 contacts, full",
        "list 50 p95, all rows against few",
        "create contact",
    ]
    for figure in latest.values():
        assert figure["ratio"] == pytest.approx(figure["value"] / figure["floor"])
        assert figure["holds"] is not None
    assert "get contact" in capsys.readouterr().out


def test_an_unknown_figure_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    known = capsys.readouterr().err
    assert (
        "requests, events, events_api, import, bulk, deals, sales_import, till, prices, oauth, search, tenants" in known
    )
