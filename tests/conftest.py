"""What every test shares: retries that do not wait, and a contact, so that a run has nothing to say about its lack."""

from __future__ import annotations

import os

os.environ.setdefault("NIANBAO_RETRY_WAITS", "0,0")
os.environ.setdefault("NIANBAO_CONTACT", "tests@example.org")
