"""The door to EPANET: its shared library, opened once, its functions with declared arguments.

Why ctypes and not the Python functions of epanet-plus 0.3.1, which carries the library: its getters
of whole arrays leak memory, its wrapper of `EN_getstatistic` is broken, and importing it costs
0.3 s [D].
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_int, c_long, c_void_p
from functools import cache
from importlib.util import find_spec

from twin.errors import RunError
from twin.lang import Lang, Text

OLDEST = 20304
"""EPANET 2.3.4: leaks by FAVAD were wrong before it (EPANET issue 902) [V]."""

LISTENER = ctypes.CFUNCTYPE(None, c_void_p, c_void_p, c_char_p)
"""What hears the lines EPANET would write in its report."""

_ints, _doubles, _longs = POINTER(c_int), POINTER(c_double), POINTER(c_long)
_ARGUMENTS: dict[str, tuple[object, ...]] = {
    "createproject": (POINTER(c_void_p),),
    "deleteproject": (c_void_p,),
    "open": (c_void_p, c_char_p, c_char_p, c_char_p),
    "close": (c_void_p,),
    "saveinpfile": (c_void_p, c_char_p),
    "setreportcallback": (c_void_p, LISTENER),
    "setreport": (c_void_p, c_char_p),
    "setstatusreport": (c_void_p, c_int),
    "geterror": (c_int, c_char_p, c_int),
    "getversion": (_ints,),
    "gettitle": (c_void_p, c_char_p, c_char_p, c_char_p),
    "openH": (c_void_p,),
    "initH": (c_void_p, c_int),
    "runH": (c_void_p, _longs),
    "nextH": (c_void_p, _longs),
    "closeH": (c_void_p,),
    "getcount": (c_void_p, c_int, _ints),
    "getstatistic": (c_void_p, c_int, _doubles),
    "getoption": (c_void_p, c_int, _doubles),
    "setoption": (c_void_p, c_int, c_double),
    "gettimeparam": (c_void_p, c_int, _longs),
    "settimeparam": (c_void_p, c_int, c_long),
    "getflowunits": (c_void_p, _ints),
    "getdemandmodel": (c_void_p, _ints, _doubles, _doubles, _doubles),
    "setdemandmodel": (c_void_p, c_int, c_double, c_double, c_double),
    "getnodeid": (c_void_p, c_int, c_char_p),
    "getnodetype": (c_void_p, c_int, _ints),
    # Addresses of whole arrays: kept by the caller, so that a step converts none.
    "getnodevalues": (c_void_p, c_int, c_void_p),
    "setnodevalues": (c_void_p, c_int, c_void_p, _ints),
    "getnodevalue": (c_void_p, c_int, c_int, _doubles),
    "setnodevalue": (c_void_p, c_int, c_int, c_double),
    "getcoord": (c_void_p, c_int, _doubles, _doubles),
    "adddemand": (c_void_p, c_int, c_double, c_char_p, c_char_p),
    "getnumdemands": (c_void_p, c_int, _ints),
    "getbasedemand": (c_void_p, c_int, c_int, _doubles),
    "setbasedemand": (c_void_p, c_int, c_int, c_double),
    "getdemandpattern": (c_void_p, c_int, c_int, _ints),
    "getlinkid": (c_void_p, c_int, c_char_p),
    "getlinktype": (c_void_p, c_int, _ints),
    "getlinknodes": (c_void_p, c_int, _ints, _ints),
    "getlinkvalues": (c_void_p, c_int, c_void_p),
    "setlinkvalue": (c_void_p, c_int, c_int, c_double),
    "getlinkvalue": (c_void_p, c_int, c_int, _doubles),
    "getpumptype": (c_void_p, c_int, _ints),
    "getpatternid": (c_void_p, c_int, c_char_p),
    "getpatternlen": (c_void_p, c_int, _ints),
    "getpatternvalue": (c_void_p, c_int, c_int, _doubles),
    "getcurvelen": (c_void_p, c_int, _ints),
    "getcurvetype": (c_void_p, c_int, _ints),
    "getcurve": (c_void_p, c_int, c_char_p, _ints, c_void_p, c_void_p),
    "getcontrol": (c_void_p, c_int, _ints, _ints, _doubles, _ints, _doubles),
    "setcontrol": (c_void_p, c_int, c_int, c_int, c_double, c_int, c_double),
    "getcontrolenabled": (c_void_p, c_int, _ints),
    "getruleenabled": (c_void_p, c_int, _ints),
    "setruleenabled": (c_void_p, c_int, c_int),
}


class EpanetMissingError(RunError):
    """EPANET's library is not there, or its door stays shut."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.args = (text,)  # rebuilt whole on the other side of a process boundary
        self.text = text

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.text.en

    def say(self, lang: Lang = Lang.FR) -> str:
        """Return the sentence in `lang`."""
        return self.text.say(lang)


@cache
def library(module: str = "epanet") -> ctypes.CDLL:
    """Return EPANET's library, each function `EN_*` with its arguments declared.

    Parameters
    ----------
    module : str
        Name of the extension module that holds it; found, never imported.

    Raises
    ------
    EpanetMissingError
        No such module, a library that does not load, a function it does not export, or a version
        before 2.3.4.
    """
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise _missing(f"module {module} absent", f"no module {module}")
    try:
        opened = ctypes.CDLL(spec.origin)
        for name, arguments in _ARGUMENTS.items():
            function = getattr(opened, f"EN_{name}")
            function.argtypes = arguments
            function.restype = c_int
    except (OSError, AttributeError) as error:
        raise _missing(str(error), str(error)) from error
    version = c_int()
    opened.EN_getversion(ctypes.byref(version))
    if version.value < OLDEST:
        raise _missing(
            f"version {version.value}, trop ancienne (les fuites FAVAD y sont fausses)",
            f"version {version.value} is too old (leaks by FAVAD are wrong in it)",
        )
    return opened


def _missing(french: str, english: str) -> EpanetMissingError:
    return EpanetMissingError(
        Text(
            f"EPANET ne s'ouvre pas : {french} ; remède : pip install -r "
            "requirements.txt, qui pose epanet-plus 0.3.1",
            f"EPANET does not open: {english}; remedy: pip install -r "
            "requirements.txt, which brings epanet-plus 0.3.1",
        )
    )
