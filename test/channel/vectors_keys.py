# SPDX-License-Identifier: Apache-2.0
"""P-256 [RFC6979] and Ed25519 [RFC8032] signatures that a key and a message decide.

For test vectors, whose private keys everybody knows: nothing here takes care of time.
"""
import hashlib
import hmac


def _add(curve, a, b):
    """Two points of y² = x³ + ax + b; None is the point at infinity."""
    p = curve["p"]
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % p == 0:
        return None
    if a == b:
        slope = (3 * a[0] * a[0] + curve["a"]) * pow(2 * a[1], -1, p) % p
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, p) % p
    x = (slope * slope - a[0] - b[0]) % p
    return x, (slope * (a[0] - x) - a[1]) % p


def _times(add, start, point, factor):
    total = start
    while factor:
        if factor & 1:
            total = add(total, point)
        point = add(point, point)
        factor >>= 1
    return total


# ---- P-256 ----

P256 = {"p": 2**256 - 2**224 + 2**192 + 2**96 - 1, "a": -3,
        "b": 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        "n": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        "g": (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
              0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)}
SPKI_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")


def _p256_times(point, factor):
    return _times(lambda a, b: _add(P256, a, b), None, point, factor)


def p256_public(private):
    """SubjectPublicKeyInfo, DER."""
    x, y = _p256_times(P256["g"], int.from_bytes(private, "big"))
    return SPKI_PREFIX + b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")


def _nonces(private, digest):
    """What [RFC6979] 3.2 takes for k, one after the other."""
    reduced = (int.from_bytes(digest, "big") % P256["n"]).to_bytes(32, "big")
    k, v = bytes(32), b"\x01" * 32

    def mac(*parts):
        return hmac.new(k, b"".join(parts), hashlib.sha256).digest()

    for round_ in (b"\x00", b"\x01"):
        k = mac(v, round_, private, reduced)
        v = mac(v)
    while True:
        v = mac(v)
        yield int.from_bytes(v, "big")
        k = mac(v, b"\x00")
        v = mac(v)


def p256_sign(private, message):
    """r ‖ s over SHA-256 of the message."""
    digest = hashlib.sha256(message).digest()
    n, e, d = P256["n"], int.from_bytes(digest, "big"), int.from_bytes(private, "big")
    for k in _nonces(private, digest):
        if not 0 < k < n:
            continue
        r = _p256_times(P256["g"], k)[0] % n
        s = pow(k, -1, n) * (e + r * d) % n
        if r and s:
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return None


def p256_point(spki):
    """The point of a key in its one encoding, None of anything else."""
    if len(spki) != 91 or spki[:27] != SPKI_PREFIX + b"\x04":
        return None
    x, y = int.from_bytes(spki[27:59], "big"), int.from_bytes(spki[59:], "big")
    p = P256["p"]
    on_curve = x < p and y < p and (y * y - x * x * x - P256["a"] * x - P256["b"]) % p == 0
    return (x, y) if on_curve else None


def p256_verify(spki, message, signature):
    point, n = p256_point(spki), P256["n"]
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if point is None or len(signature) != 64 or not (0 < r < n and 0 < s < n):
        return False
    e, w = int.from_bytes(hashlib.sha256(message).digest(), "big"), pow(s, -1, n)
    sum_ = _add(P256, _p256_times(P256["g"], e * w % n), _p256_times(point, r * w % n))
    return sum_ is not None and sum_[0] % n == r


# ---- Ed25519 ----

ED_P, ED_L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
ED_D = -121665 * pow(121666, -1, ED_P) % ED_P
ED_B = (15112221349535400772501151409588531511454012693041857206046113283949847762202,
        46316835694926478169428394003475163141307993866256225615783033603165251855960)


def _ed_add(a, b):
    cross = ED_D * a[0] * b[0] * a[1] * b[1] % ED_P
    return ((a[0] * b[1] + b[0] * a[1]) * pow(1 + cross, -1, ED_P) % ED_P,
            (a[1] * b[1] + a[0] * b[0]) * pow(1 - cross, -1, ED_P) % ED_P)


def _ed_point(factor):
    x, y = _times(_ed_add, (0, 1), ED_B, factor)
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _ed_secret(seed):
    hashed = hashlib.sha512(seed).digest()
    clamped = int.from_bytes(hashed[:32], "little") & ~7 & (2**254 - 1) | 2**254
    return clamped, hashed[32:]


def ed25519_public(seed):
    return _ed_point(_ed_secret(seed)[0])


def ed25519_sign(seed, message):
    def reduced(*parts):
        return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ED_L

    scalar, prefix = _ed_secret(seed)
    public, r = _ed_point(scalar), reduced(prefix, message)
    point = _ed_point(r)
    return point + ((r + reduced(point, public, message) * scalar) % ED_L).to_bytes(32, "little")
