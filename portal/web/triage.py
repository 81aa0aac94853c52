"""The queue and a referral's page for staff."""

from flask import Blueprint

bp = Blueprint("triage", __name__)
