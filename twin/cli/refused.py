"""A disk that refuses, told in a sentence: full, read-only, not ours, over its quota."""

from __future__ import annotations

import errno

from twin.errors import StoreError
from twin.lang import Text

_REFUSALS = {
    errno.ENOSPC: Text("disque plein", "disk full"),
    errno.EDQUOT: Text("quota dépassé", "quota exceeded"),
    errno.EFBIG: Text("fichier trop grand", "file too large"),
    errno.EROFS: Text("système de fichiers en lecture seule", "read-only file system"),
    errno.EACCES: Text("accès refusé", "permission denied"),
    errno.EPERM: Text("opération non permise", "operation not permitted"),
}


def refused(error: OSError) -> StoreError | None:
    """Return what to tell of an error that is the disk's, None where it is none of those."""
    why = _REFUSALS.get(error.errno or 0)
    if why is None:
        return None
    where = str(error.filename or "?")
    return StoreError(
        Text(
            f"{where} : {why.fr} ; ce qui était écrit est intact. Faire de la place ou nommer un "
            "dossier inscriptible (--results), puis relancer la même commande",
            f"{where}: {why.en}; what was written is intact. Make room or name a folder that can "
            "be written (--results), then run the same command again",
        )
    )
