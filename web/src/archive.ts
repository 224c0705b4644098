/** Every request about the archive: DICOMweb, and the addresses of viewers and downloads. */

import {
  type Filters,
  type PersonName,
  numberOf,
  personName,
  studyQuery,
  textOf,
  valuesOf,
} from "./dicom_json";
import { sentence } from "./format";
import { ROOT, type Sending, json, request, sendForm } from "./requests";
import { list, number, record, text } from "./values";

export interface Study {
  readonly uid: string;
  readonly patient: PersonName;
  readonly patientId: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly date: string;
  readonly time: string;
  readonly modalities: readonly string[];
  readonly description: string;
  readonly accession: string;
  readonly series: number;
  readonly instances: number;
}

export interface Series {
  readonly uid: string;
  readonly number: string;
  readonly modality: string;
  readonly description: string;
  readonly instances: number;
}

export interface Page {
  readonly studies: readonly Study[];
  readonly total: number;
}

/** What became of one file of a session that was to be kept. */
export interface Kept {
  readonly name: string;
  readonly status: string;
  readonly reason: string;
}

export const PAGE_STUDIES = 50;
/** What the server takes as one body; single files may be bounded more. */
export const STORE_BYTES_MAX = 34_359_738_368;

const STUDIES = "dicom-web/studies";
const STORED = [200, 202, 409];
const SERIES_MAX = 1000;

export async function findStudies(
  filters: Filters,
  offset: number,
  signal: AbortSignal,
): Promise<Page> {
  const query = studyQuery(filters, offset, PAGE_STUDIES, new Date());
  const response = await request("GET", `${STUDIES}?${query.toString()}`, {
    signal,
    headers: { Accept: "application/dicom+json", Prefer: "count=exact" },
  });
  const found: unknown = response.status === 204 ? [] : await response.json();
  const studies = list(found).map((one) => studyOf(record(one)));
  const total = Number(response.headers.get("X-Total-Count") ?? offset + studies.length);
  return { studies, total };
}

export async function findSeries(study: string): Promise<Series[]> {
  const path = `${STUDIES}/${study}/series?limit=${SERIES_MAX}`;
  const response = await request("GET", path, { headers: { Accept: "application/dicom+json" } });
  const found: unknown = response.status === 204 ? [] : await response.json();
  return list(found).map((one) => seriesOf(record(one)));
}

/** Remove a study, or one series of it. */
export async function remove(study: string, series = ""): Promise<void> {
  await request("DELETE", placeOf(study, series));
}

/** Store files in one request; what comes of each: why it was refused, "" if it is stored. */
export function store(
  files: readonly File[],
  tell: (loaded: number, total: number) => void,
): Sending<string[]> {
  const random = crypto.getRandomValues(new Uint8Array(16));
  const boundary = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
  const parts = files.flatMap((file, index) => [index > 0 ? `\r\n${head}` : head, file]);
  const type = `multipart/related; type="application/dicom"; boundary=${boundary}`;
  const body = new Blob([...parts, `\r\n--${boundary}--\r\n`], { type });
  return sendForm(STUDIES, body, tell, (answer) => refusals(answer, files.length), STORED);
}

/** Return of each part of a store request why it was refused, "" if it is stored. */
export function refusals(answer: unknown, parts: number): string[] {
  const reasons = Array.from({ length: parts }, () => "");
  const said = record(answer);
  // Failed SOP Sequence, Other Failures Sequence; the number of the part is the server's own.
  for (const sequence of ["00081198", "0008119A"])
    for (const item of valuesOf(said, sequence).map(record)) {
      const reason = sentence(textOf(item, "00000902"));
      reasons[numberOf(item, "00091001") - 1] = reason;
    }
  return reasons;
}

/** Keep files of a session in the archive. */
export async function keep(session: string, names: readonly string[]): Promise<Kept[]> {
  const answer = record(await json("POST", `v1/sessions/${session}/keep`, { files: names }));
  return list(answer.files).map((value) => {
    const one = record(value);
    return { name: text(one.name), status: text(one.status), reason: sentence(text(one.reason)) };
  });
}

export function thumbnailUrl(study: string, series: string): string {
  return `${ROOT}${placeOf(study, series)}/thumbnail?viewport=192,192&accept=image/jpeg`;
}

/** Return the address of all files of a study, or of one series, as they are stored. */
export function zipUrl(study: string, series = ""): string {
  return `${ROOT}${placeOf(study, series)}?accept=application/zip`;
}

export function ohifUrl(study: string): string {
  return `${ROOT}ohif/viewer?StudyInstanceUIDs=${study}`;
}

export function volviewUrl(study: string, series = ""): string {
  return `${ROOT}volview/?urls=/${placeOf(study, series)}`;
}

function placeOf(study: string, series: string): string {
  return `${STUDIES}/${study}${series === "" ? "" : `/series/${series}`}`;
}

function studyOf(found: Record<string, unknown>): Study {
  return {
    uid: textOf(found, "0020000D"),
    patient: personName(found, "00100010"),
    patientId: textOf(found, "00100020"),
    birthDate: textOf(found, "00100030"),
    sex: textOf(found, "00100040"),
    date: textOf(found, "00080020"),
    time: textOf(found, "00080030"),
    modalities: valuesOf(found, "00080061").map(text),
    description: textOf(found, "00081030"),
    accession: textOf(found, "00080050"),
    series: numberOf(found, "00201206"),
    instances: numberOf(found, "00201208"),
  };
}

function seriesOf(found: Record<string, unknown>): Series {
  return {
    uid: textOf(found, "0020000E"),
    number: textOf(found, "00200011"),
    modality: textOf(found, "00080060"),
    description: textOf(found, "0008103E"),
    instances: number(valuesOf(found, "00201209")[0]),
  };
}
