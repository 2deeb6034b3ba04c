"""Reads the calendar, the feed of changes and the figures of a server with libraries that others wrote.

usage: feeds.py ADDRESS LEDGER
"""

import sys
import urllib.request
from datetime import date, datetime, timezone
from xml.etree import ElementTree

import feedparser
from icalendar import Calendar
from prometheus_client.openmetrics.parser import text_string_to_metric_families


def get(address):
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read(), answer.headers


def check_calendar(address):
    body, headers = get(address)
    assert headers["content-type"].startswith("text/calendar")
    calendar = Calendar.from_ical(body.decode())
    events = calendar.walk("VEVENT")
    uids = {str(event["UID"]) for event in events}
    assert len(uids) == len(events), "two events share a UID"
    for event in events:
        assert not event.errors, event.errors
        start = event.decoded("DTSTART")
        stamp = event.decoded("DTSTAMP")
        assert isinstance(stamp, datetime) and stamp.tzinfo is not None
        if not isinstance(start, datetime):
            assert isinstance(start, date) and event.decoded("DTEND") > start
        assert str(event["SUMMARY"]) and int(event["SEQUENCE"]) >= 0
    # What it writes again is what it read.
    again = Calendar.from_ical(calendar.to_ical())
    assert [str(event["SUMMARY"]) for event in again.walk("VEVENT")] == [
        str(event["SUMMARY"]) for event in events
    ]
    return len(events)


def check_changes(address):
    seen = []
    while address:
        body, _ = get(address)
        ElementTree.fromstring(body)
        feed = feedparser.parse(body)
        assert not feed.bozo, feed.get("bozo_exception")
        assert feed.version == "atom10"
        for entry in feed.entries:
            assert entry.id.startswith("tag:") and entry.title and entry.author and entry.link
            updated = datetime(*entry.updated_parsed[:6], tzinfo=timezone.utc)
            assert updated <= datetime.now(timezone.utc)
            seen.append(entry.id)
        following = [link.href for link in feed.feed.links if link.rel == "next"]
        address = following[0] if following else None
    assert len(set(seen)) == len(seen), "an entry is there twice"
    return len(seen)


def check_figures(address):
    body, _ = get(address)
    families = list(text_string_to_metric_families(body.decode()))
    assert all(family.documentation for family in families)
    return len(families)


def main():
    server, ledger = sys.argv[1:]
    events = check_calendar(f"{server}/v1/ledgers/{ledger}/calendar.ics")
    changes = check_changes(f"{server}/v1/ledgers/{ledger}/changes.atom")
    figures = check_figures(f"{server}/metrics")
    print(f"  {events} calendar events, {changes} changes, {figures} figures are read back")


main()
