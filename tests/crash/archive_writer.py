"""A child of test_archive.py: stores slices one by one and says which were acknowledged.

python archive_writer.py FOLDER NAME COUNT
"""

import sys
from pathlib import Path

from isocenter.platform import open_platform
from isocenter.settings import Settings
from tests.archives import OWNER
from tests.builders import instance, to_bytes

if __name__ == "__main__":
    with open_platform(Settings(), Path(sys.argv[1])) as platform:
        for number in range(int(sys.argv[3])):
            with platform.archive.studies.begin(OWNER) as intake:
                part = intake.add_part()
                part.write(to_bytes(instance(number, series_name=sys.argv[2])))
                part.close()
                (stored,) = intake.finish().stored
            sys.stdout.write(f"{stored.sop_instance_uid}\n")
            sys.stdout.flush()
