"""The answer to a Store Transaction: what was stored, what was not and why, as DICOM JSON.

References
----------
PS3.18 10.5.3 and Annex I (Store Instances Response Module).
"""

from isocenter.dicom.json_model import JSON, JSONObject
from isocenter.services.studies import FailedInstance, StoredInstance, StoreResult

_CLASS_UID, _INSTANCE_UID = "00081150", "00081155"
_RETRIEVE_URL = "00081190"
_WARNING_REASON, _FAILURE_REASON = "00081196", "00081197"
_FAILED, _REFERENCED, _OTHER_FAILURES = "00081198", "00081199", "0008119A"
_FAILED_ATTRIBUTES, _SELECTOR_ATTRIBUTE = "00741048", "00720026"
_ERROR_COMMENT = "00000902"
_KEPT = "kept beside other bytes of this UID, which are shown"
# Which part of the body failed: the standard's attributes do not tell of what has no UID, nor of
# which of two with the same.
_PRIVATE_CREATOR, _PART_NUMBER = "00090010", "00091001"


def store_status(result: StoreResult) -> int:
    """Return 200 if all is stored, 202 if not all or with warnings, 409 if nothing is."""
    if not result.stored:
        return 409
    is_odd = any(one.warning_reason is not None for one in result.stored)
    return 202 if result.failed or is_odd else 200


def store_response(result: StoreResult, studies_url: str) -> JSONObject:
    """Return the Data Set of the answer.

    Parameters
    ----------
    studies_url
        Address under which Studies are, without a slash at the end.
    """
    studies = {one.study_uid for one in result.stored}
    said: JSONObject = {_RETRIEVE_URL: {"vr": "UR"}}
    if len(studies) == 1:
        said[_RETRIEVE_URL] = _element("UR", f"{studies_url}/{studies.pop()}")
    known = [one for one in result.failed if one.sop_instance_uid]
    unknown = [one for one in result.failed if not one.sop_instance_uid]
    if known:
        said[_FAILED] = _sequence([_failure(one) for one in known])
    if result.stored:
        said[_REFERENCED] = _sequence([_reference(one, studies_url) for one in result.stored])
    if unknown:
        said[_OTHER_FAILURES] = _sequence([_reason(one) for one in unknown])
    return said


def _reference(one: StoredInstance, studies_url: str) -> JSONObject:
    url = f"{studies_url}/{one.study_uid}/series/{one.series_uid}/instances/{one.sop_instance_uid}"
    said: JSONObject = {
        _CLASS_UID: _element("UI", one.sop_class_uid),
        _INSTANCE_UID: _element("UI", one.sop_instance_uid),
        _RETRIEVE_URL: _element("UR", url),
    }
    if one.warning_reason is not None:
        said[_WARNING_REASON] = _element("US", one.warning_reason)
        said = {_ERROR_COMMENT: _element("LO", one.warning), **said}
    elif one.state == "kept":
        said = {_ERROR_COMMENT: _element("LO", _KEPT), **said}
    return said


def _failure(one: FailedInstance) -> JSONObject:
    reason = _reason(one)
    uids: JSONObject = {
        _CLASS_UID: _element("UI", one.sop_class_uid),
        _INSTANCE_UID: _element("UI", one.sop_instance_uid),
    }
    return dict(sorted((uids | reason).items()))


def _reason(one: FailedInstance) -> JSONObject:
    said: JSONObject = {
        _ERROR_COMMENT: _element("LO", one.sentence[:64]),
        _FAILURE_REASON: _element("US", one.reason),
    }
    if one.tag is not None:
        attribute: JSONObject = {_SELECTOR_ATTRIBUTE: _element("AT", f"{one.tag:08X}")}
        said[_FAILED_ATTRIBUTES] = _sequence([attribute])
    if one.part_number:
        said[_PRIVATE_CREATOR] = _element("LO", "ISOCENTER")
        said[_PART_NUMBER] = _element("UL", one.part_number)
    return dict(sorted(said.items()))


def _element(vr: str, value: JSON) -> JSONObject:
    return {"vr": vr, "Value": [value]} if value != "" else {"vr": vr}


def _sequence(items: list[JSONObject]) -> JSONObject:
    return {"vr": "SQ", "Value": [*items]}
