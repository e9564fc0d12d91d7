"""What the scripts for Python's drivers have in common. A script announces each step and waits until it may take it;
then it prints what the driver tells it, one line of canonical JSON for each thing."""

import datetime
import decimal
import ipaddress
import json
import sys
import uuid

# Numbers of objects from here on are of users' own objects, and differ from run to run.
USER_OID_MIN = 16384


def canonical(value):
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, dict):
        return {str(key): canonical(each) for key, each in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        return [canonical(each) for each in value]
    if isinstance(
        value,
        (float, decimal.Decimal, datetime.date, datetime.time, datetime.timedelta, uuid.UUID)
        + (ipaddress.IPv4Address, ipaddress.IPv4Interface),
    ):
        return {type(value).__name__: str(value)}
    return {type(value).__name__: str(value)}


def tell(kind, value):
    text = json.dumps({kind: canonical(value)}, sort_keys=True, ensure_ascii=True)
    if len(text) > 2000:
        text = "%s %d chars, hash %s" % (kind, len(text), uuid.uuid5(uuid.NAMESPACE_OID, text))
    print(text, flush=True)


def oid(number):
    return min(number, USER_OID_MIN)


def announce(name):
    print("> " + name, flush=True)
    if not sys.stdin.readline():
        sys.exit("nobody lets me go on")
