"""What the sample application reads."""

import os


def flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


REQUIRE_AUTH = flag("REQUIRE_AUTH")
BYPASS_AUTH = flag("BYPASS_AUTH")
SKIP_DB_CHECKS = flag("SKIP_DB_CHECKS")
# ENABLE_AUDIT_TRAIL is gone since the audit log moved to the platform.
DATABASE_URL = os.environ["DATABASE_URL"]
