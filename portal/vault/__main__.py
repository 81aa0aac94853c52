"""`python -m portal.vault`: print a new wrapping key, as a line for the key file; needs no portal and no other key."""

import sys

from portal.vault.wrapping import new_line

sys.stdout.write(new_line())
