"""Fixtures that every test shares: homes of its own, the seeds, a fixed clock."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

PROJECT = Path(__file__).resolve().parent.parent
SEEDS = PROJECT / "seeds"
NOW = datetime(2024, 10, 10, 12, 0, tzinfo=UTC)

# How long an example takes says more of the machine, and of what measures coverage on it, than of the program.
settings.register_profile("newsreader", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("newsreader")


def pytest_configure(config: pytest.Config) -> None:
    """Ask only a run of all tests how much of the code it reaches, and let signals end what the tests start.

    A shell has what it runs in the background ignore two of them, and so all that the tests would start.
    """
    for number in (signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    coverage = config.pluginmanager.getplugin("_cov")
    option = config.option
    is_narrowed = option.keyword or option.markexpr or option.deselect or getattr(option, "lf", False)
    if coverage is not None and (is_narrowed or config.args_source is pytest.Config.ArgsSource.ARGS):
        coverage.options.cov_fail_under = 0
        coverage.options.cov_report = {}


@pytest.fixture(autouse=True)
def own_homes(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home of its own, so that no test sees the marks of another or of the developer."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home if name == "HOME" else home / name.lower()))
    for name in ("NEWSREADER_LIBRARY", "NO_COLOR", "CLICOLOR_FORCE", "PAGER"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def seeds() -> Path:
    """The five real digests."""
    return SEEDS
