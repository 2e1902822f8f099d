/** The last picture of each session, as this browser saw it. Stays in the browser: a picture may show anything. */
const name = 'streamspace-pictures';
const store = 'last';
const listeners = new Set<(id: string) => void>();

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no picture store'));
  });
}

async function run<T>(mode: IDBTransactionMode, work: (rows: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  try {
    const database = await open();
    return await new Promise<T>((resolve, reject) => {
      const request = work(database.transaction(store, mode).objectStore(store));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('picture store refused'));
    }).finally(() => database.close());
  } catch {
    // A browser that keeps nothing shows the application's icon instead.
    return null;
  }
}

export async function keepPicture(id: string, picture: Blob): Promise<void> {
  await run('readwrite', (rows) => rows.put(picture, id));
  listeners.forEach((listener) => listener(id));
}

export const lastPicture = (id: string): Promise<Blob | null> => run<Blob>('readonly', (rows) => rows.get(id) as IDBRequest<Blob>);

export const forgetPicture = (id: string): Promise<unknown> => run('readwrite', (rows) => rows.delete(id));

/** At the end of a login nothing of the person's desktops may remain on a shared computer. */
export const forgetAllPictures = (): Promise<unknown> => run('readwrite', (rows) => rows.clear());

export function onPictureKept(listener: (id: string) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
