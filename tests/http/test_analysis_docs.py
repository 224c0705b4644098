import json

from isocenter.http.analysis_docs import (
    BY_ORDER,
    ORDER_BODY,
    ORDER_SCHEMA,
    ORGANIZATION,
    REPORT_TYPE,
    REPORTS_BODY,
    STUDY_GROUP,
    STUDY_UID,
)


def test_parameters_are_named_as_documented() -> None:
    parameters = (*BY_ORDER, *REPORT_TYPE, *STUDY_GROUP, *ORGANIZATION)
    names = [one["name"] for one in parameters]

    assert names == [
        "order_id",
        "study_uid",
        "report_type",
        "name",
        "study_group",
        "organizationId",
    ]
    assert STUDY_UID[0]["required"] is True
    assert all(one["in"] == "query" for one in parameters)


def test_all_of_it_can_be_written_as_json() -> None:
    for one in (ORDER_BODY, REPORTS_BODY, ORDER_SCHEMA):
        assert json.loads(json.dumps(one)) == one
