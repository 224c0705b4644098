"""Examples of document 001 with the line breaks that it lost; a test compares word by word."""

BATCH = r"""#!/bin/bash
# Fast batch upload — sends 50 files per request
API="https://dicompressor.sitnov.work"
KEY="YOUR_KEY"
FOLDER="./dicoms"
SESSION=$(curl -s -X POST -H "X-API-Key: $KEY" $API/api/session | jq -r .session_id)
# Build batch upload commands
FILES=($FOLDER/*.dcm)
BATCH=50
for ((i=0; i<${#FILES[@]}; i+=BATCH)); do
    CMD="curl -s -X POST -H 'X-API-Key: $KEY'"
    for ((j=i; j<i+BATCH && j<${#FILES[@]}; j++)); do
        CMD+=" -F 'files=@${FILES[$j]}'"
    done
    CMD+=" $API/api/upload/$SESSION"
    eval $CMD | jq -r '"Batch: uploaded \(.uploaded) files"'
done
# Process
curl -s -X POST \
  -H "X-API-Key: $KEY" \
  -H "Content-Type: application/json" \
  -d '{"action":"merge"}' \
  $API/api/process/$SESSION | jq .
"""

CURL = r"""#!/bin/bash
# DicomPressor API — Full merge example
# Replace YOUR_KEY with your actual API key
API="https://dicompressor.sitnov.work"
KEY="YOUR_KEY"
# Step 1: Create session
echo "Creating session..."
SESSION=$(curl -s -X POST -H "X-API-Key: $KEY" $API/api/session | jq -r .session_id)
echo "Session: $SESSION"
# Step 2: Upload all .dcm files from a folder
echo "Uploading files..."
for f in ./dicoms/*.dcm; do
    curl -s -X POST \
      -H "X-API-Key: $KEY" \
      -F "files=@$f" \
      $API/api/upload/$SESSION > /dev/null
done
echo "Upload complete"
# Step 3: Merge
echo "Merging..."
RESULT=$(curl -s -X POST \
  -H "X-API-Key: $KEY" \
  -H "Content-Type: application/json" \
  -d '{"action":"merge"}' \
  $API/api/process/$SESSION)
echo "Success: $(echo $RESULT | jq .success)"
# Step 4: Download each output file
echo $RESULT | jq -r '.output_files[].name' | while read fname; do
    echo "Downloading $fname..."
    curl -s -H "X-API-Key: $KEY" \
      -o "$fname" \
      $API/api/download/$SESSION/$fname
done
echo "Done!"
"""

PYTHON = r"""import requests
import os
from pathlib import Path
API = "https://dicompressor.sitnov.work"
KEY = "YOUR_KEY"
HEADERS = {"X-API-Key": KEY}
# 1. Create session
session_id = requests.post(f"{API}/api/session", headers=HEADERS).json()["session_id"]
print(f"Session: {session_id}")
# 2. Upload files (batch of 20)
dcm_folder = Path("./dicoms")
files = sorted(dcm_folder.glob("*.dcm"))
for i in range(0, len(files), 20):
    batch = files[i:i+20]
    form_files = [("files", (f.name, open(f, "rb"))) for f in batch]
    r = requests.post(f"{API}/api/upload/{session_id}", headers=HEADERS, files=form_files)
    print(f" Uploaded {r.json()['uploaded']} files")
# 3. Process
result = requests.post(
    f"{API}/api/process/{session_id}",
    headers={**HEADERS, "Content-Type": "application/json"},
    json={"action": "merge"}
).json()
print(f"Success: {result['success']}")
print(f"Output files: {len(result['output_files'])}")
# 4. Download results
for f in result["output_files"]:
    r = requests.get(
        f"{API}/api/download/{session_id}/{f['name']}",
        headers=HEADERS
    )
    Path(f["name"]).write_bytes(r.content)
    print(f" Downloaded {f['name']} ({f['size'] / 1048576:.1f} MB)")
"""

# The names of its files were mangled into mail addresses; the first two of a folder stand there.
QUICK_START = r"""# 1. Create a session
SESSION=$(curl -s -X POST \
  -H "X-API-Key: YOUR_KEY" \
  https://dicompressor.sitnov.work/api/session \
  | jq -r .session_id)
# 2. Upload DICOM files
curl -X POST \
  -H "X-API-Key: YOUR_KEY" \
  -F "[email protected]" \
  -F "[email protected]" \
  https://dicompressor.sitnov.work/api/upload/$SESSION
# 3. Process (merge)
curl -s -X POST \
  -H "X-API-Key: YOUR_KEY" \
  -H "Content-Type: application/json" \
  -d '{"action":"merge"}' \
  https://dicompressor.sitnov.work/api/process/$SESSION
# 4. Download result
curl -H "X-API-Key: YOUR_KEY" \
  -o merged.dcm \
  https://dicompressor.sitnov.work/api/download/$SESSION/merged_multiframe.dcm
"""
