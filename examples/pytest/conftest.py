"""Asks Greenlight before the first test, and ends the session when the environment is not fit.

Copy it beside your tests. It needs nothing but the standard library; Python 3.8 and later, pytest 6 and later.

  WAIT_FOR_SUITE  the suite; `all` without it
  WAIT_TIMEOUT    the longest wait, in seconds; 300 without it
  GREENLIGHT_URL  a service to ask, with the token in GREENLIGHT_TOKEN. Without it, the command line looks from here:
                  `greenlight` on PATH, or what WAIT_COMMAND says, such as `node /opt/greenlight/src/cli.ts`

(Greenlight refuses variables that begin with its own name and that it does not know.)

Exit codes as those of the command line: 75, not fit in time or not to be told, try again later; 69, somebody has to act;
77, not permitted; 78, there is no such suite. Under `greenlight run`, which has waited already, it does nothing.
"""

import json
import os
import re
import shlex
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

UNAVAILABLE, TEMPORARY, NO_PERMISSION, CONFIG = 69, 75, 77, 78
_HELD_AT_MOST_S = 60


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    config = session.config
    # Workers of xdist are started by a session that has asked; `greenlight run` has asked, and says so.
    if hasattr(config, "workerinput") or os.environ.get("GREENLIGHT_VERDICT") == "go":
        return
    if config.option.collectonly:
        return
    suite = os.environ.get("WAIT_FOR_SUITE", "all")
    timeout = float(os.environ.get("WAIT_TIMEOUT", "300"))
    url = os.environ.get("GREENLIGHT_URL")
    code, message = _ask_service(url, suite, timeout) if url else _ask_command(suite, timeout)
    if code != 0:
        pytest.exit("Greenlight: %s" % message, returncode=code)


def _ask_service(url, suite, timeout):
    """The exit code, and why it is that. Asks again until the time is up."""
    deadline = time.monotonic() + timeout
    last = "nothing was asked."
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            return TEMPORARY, "%s is not fit within %g s. %s" % (suite, timeout, last)
        status, body = _get(url, suite, min(left, _HELD_AT_MOST_S))
        verdict = body.get("verdict")
        if status == 200 and verdict == "go" and body.get("suite") == suite:
            return 0, ""
        if verdict == "stop":
            return UNAVAILABLE, "%s will not become fit by waiting. %s" % (suite, _reasons(body))
        if status in (401, 403):
            return NO_PERMISSION, "the service refuses the token: %s" % body.get("detail", status)
        if status == 404:
            return CONFIG, "there is no suite %s. %s" % (suite, body.get("detail", ""))
        last = _reasons(body) or body.get("detail", "The service answered %s." % status)
        time.sleep(min(1, max(0, deadline - time.monotonic())))


def _get(url, suite, seconds):
    token = os.environ.get("GREENLIGHT_TOKEN")
    # Only who has a token may have the request held until something changes.
    query = "?wait=%dms" % (seconds * 1000) if token else ""
    request = urllib.request.Request(
        "%s/gate/%s%s" % (url.rstrip("/"), urllib.parse.quote(suite, safe=""), query),
        headers={"Authorization": "Bearer %s" % token} if token else {},
    )
    try:
        with _OPENER.open(request, timeout=seconds + 10) as response:
            return response.status, _parse(response.read())
    except urllib.error.HTTPError as error:
        return error.code, _parse(error.read())
    except (OSError, ValueError) as error:
        return 0, {"detail": "The service was not reached: %s." % error}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token is for this service alone: a redirect would carry it to another."""

    def redirect_request(self, *_):
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def _ask_command(suite, timeout):
    words = shlex.split(os.environ.get("WAIT_COMMAND", "greenlight"))
    options = ["wait", "--suite=%s" % suite, "--timeout=%dms" % (timeout * 1000), "--json"]
    try:
        done = subprocess.run(words + options, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        return CONFIG, "the command line was not started: %s" % error
    if done.returncode == 0:
        return 0, ""
    record = _parse(done.stdout)
    reasons = _reasons(record.get("gate", {}).get("evaluation", {}))
    said = " ".join(filter(None, [record.get("summary"), reasons]))
    return done.returncode, said or _printable(done.stderr.decode("utf-8", "replace"))


def _reasons(body):
    """What blocks, each with the first thing to do."""
    said = []
    for reason in body.get("reasons") or []:
        if reason.get("effect") == "blocks":
            said.append(reason.get("message", ""))
            said.extend((reason.get("cause") or {}).get("remedies", [])[:1])
    return _printable(" ".join(said))


def _printable(text):
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", text).strip()


def _parse(data):
    try:
        body = json.loads(data)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item, call):
    """When each test ran, for `greenlight run --junit`; its own plugin does the same, and better."""
    if item.config.pluginmanager.hasplugin("greenlight_times"):
        return
    if call.when == "setup":
        item._started_at = call.start
    elif call.when == "teardown":
        item.user_properties.append(("greenlight.start", "%.6f" % item._started_at))
        item.user_properties.append(("greenlight.stop", "%.6f" % call.stop))
