from isocenter.store import blob_rows
from isocenter.store.analysis_tables import analysis_orders, analysis_reports, metadata
from isocenter.store.tables import blobs, studies


def test_the_tables_are_among_all_others() -> None:
    assert {"analysis_orders", "analysis_reports", "tickets", "studies"} <= metadata.tables.keys()
    assert "ix_studies_changed_ms" in {index.name for index in studies.indexes}


def test_bytes_of_reports_are_known_to_be_used() -> None:
    assert analysis_reports.c.blob_key.references(blobs.c.key)
    assert analysis_reports.c.blob_key in blob_rows._REFERENCES


def test_one_run_of_one_study_is_one_order() -> None:
    (unique,) = [
        [column.name for column in constraint.columns]  # type: ignore[attr-defined]  # a unique one
        for constraint in analysis_orders.constraints
        if type(constraint).__name__ == "UniqueConstraint" and len(constraint.columns) > 1  # type: ignore[attr-defined]  # likewise
    ]
    assert unique == ["owner", "study_uid", "analysis", "study_changed_ms", "run"]
