"""Scales, and later the ticket printer and the drawer: bytes in, readings out.

Protocols are pure functions from the bytes of a frame to a `Reading`; one thread speaks to the scale and calls back;
a simulated scale has the same shape. This room knows neither window nor database, neither household nor article, and
never decides what is booked: it only says what the scale said and whether that may be booked at all
(`Reading.bookable`). Sources of the rules: makers' manuals and public captures, named in each parser's module.
"""
