/** Files out of drops, pickers and pastes, folders to any depth. */

export interface Found {
  readonly file: File;
  /** With its folders, for showing; only the name itself is sent. */
  readonly path: string;
}

const IGNORED = /^(\.|thumbs\.db$|desktop\.ini$|__macosx$)/i;

/** Whether a file or folder is one that desktops leave behind. */
export function isIgnored(name: string): boolean {
  return IGNORED.test(name);
}

/** Return the files of a drop or a paste; `tell` hears how many were found so far. */
export async function filesOfTransfer(
  transfer: DataTransfer,
  tell: (found: number) => void,
): Promise<Found[]> {
  // Entries must be taken at once: the list is empty after the first wait.
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const starts = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const found: Found[] = [];
  for (const start of starts) {
    if (start instanceof File) found.push({ file: start, path: start.name });
    else if (start !== null) await walk(start, found, tell);
  }
  if (found.length === 0) found.push(...filesOfList(transfer.files));
  return inOrder(found);
}

/** Return the files of a picker; one for folders gives paths relative to the folder. */
export function filesOfList(list: FileList): Found[] {
  const found = [...list]
    .map((file) => ({ file, path: file.webkitRelativePath || file.name }))
    .filter(({ path }) => !path.split("/").some(isIgnored));
  return inOrder(found);
}

async function walk(
  start: FileSystemEntry,
  found: Found[],
  tell: (found: number) => void,
): Promise<void> {
  const waiting: FileSystemEntry[] = [start];
  let entry: FileSystemEntry | undefined;
  while ((entry = waiting.pop()) !== undefined) {
    if (isIgnored(entry.name)) continue;
    if (entry.isFile) {
      const file = await fileOf(entry as FileSystemFileEntry);
      if (file !== null) found.push({ file, path: entry.fullPath.replace(/^\//, "") });
    } else {
      waiting.push(...(await entriesOf(entry as FileSystemDirectoryEntry)));
    }
    if (found.length % 50 === 0) tell(found.length);
  }
}

/** A file that vanished meanwhile is passed over, as a file manager does. */
function fileOf(entry: FileSystemFileEntry): Promise<File | null> {
  return new Promise((resolve) => {
    entry.file(resolve, () => {
      resolve(null);
    });
  });
}

/** Browsers give at most 100 entries at a time. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => {
      reader.readEntries(resolve, () => {
        resolve([]);
      });
    });
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function inOrder(found: Found[]): Found[] {
  const order = new Intl.Collator("en", { numeric: true });
  return found.sort((one, other) => order.compare(one.path, other.path));
}
