"""Tells Greenlight when each test ran, and has pytest write a JUnit report where it is not told to.

Loaded into pytest by `greenlight run` with `-p greenlight_times`; turned off by `--no-inject`.
Python 3.8 and later, pytest 6 and later.
"""

import json
import os

import pytest

# Taken out of the environment, so that a pytest which a test starts does not write into the same report.
_FOLDER = os.environ.pop("GREENLIGHT_PYTEST", None)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    # Workers of xdist hand their results to the process that started them, which writes the report.
    if _FOLDER is None or hasattr(config, "workerinput"):
        return
    own = getattr(config.option, "xmlpath", None)
    if not own and hasattr(config.option, "xmlpath"):
        config.option.xmlpath = os.path.join(_FOLDER, "report.xml")
        config.pluginmanager.register(_Quiet(config), "greenlight_quiet")
    path = getattr(config.option, "xmlpath", None)
    if path:
        path = os.path.abspath(os.path.expanduser(os.path.expandvars(path)))
    try:
        with open(os.path.join(_FOLDER, "session.json"), "w", encoding="utf-8") as file:
            json.dump({"report": path, "before": _mark(path)}, file)
    except OSError:
        pass


def _mark(path):
    # What tells whether the file is written by this run, or is left of an earlier one.
    try:
        status = os.stat(path)
    except (OSError, TypeError):
        return None
    return "%d %d %d %d" % (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item, call):
    if call.when == "setup":
        item._greenlight_start = call.start
    elif call.when == "teardown":
        start = getattr(item, "_greenlight_start", None)
        if start is None or call.stop < start:
            return
        # A test that is run again by a plugin has those of its last run alone.
        item.user_properties[:] = [
            each for each in item.user_properties if not str(each[0]).startswith("greenlight.")
        ]
        item.user_properties.append(("greenlight.start", "%.6f" % start))
        item.user_properties.append(("greenlight.stop", "%.6f" % call.stop))


class _Quiet:
    """Keeps the line `generated xml file: …` out of the output, for a report that nobody asked for."""

    def __init__(self, config):
        self.plugins = config.pluginmanager
        self.writer = None

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self):
        # The report has been written by now. Of its writer, the summary is all that is left to come.
        for plugin in self.plugins.get_plugins():
            if type(plugin).__name__ == "LogXML":
                self.writer = plugin
        if self.writer is not None:
            self.plugins.unregister(self.writer)

    @pytest.hookimpl(tryfirst=True)
    def pytest_unconfigure(self):
        # pytest takes it off itself, and fails where it is not there.
        if self.writer is not None:
            self.plugins.register(self.writer)
            self.writer = None
