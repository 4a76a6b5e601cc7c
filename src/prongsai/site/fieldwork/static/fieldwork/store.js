// What the device keeps: one database of the browser, written durably before anything goes on.
// interviews: see draft.js. kept: "bundle" and "vault" of each surveyor by name, and who is "active".
const NAME = "prongsai-field";
let opened;

export function open() {
  opened ??= new Promise((good, bad) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("interviews", { keyPath: "id" });
      asked.result.createObjectStore("kept");
    };
    asked.onsuccess = () => good(asked.result);
    asked.onerror = () => bad(asked.error);
    asked.onblocked = () => bad(new Error("blocked"));
  });
  return opened;
}

// "strict": the browser says done only when the disk has it; a dead battery takes nothing back.
async function transact(store, mode, work) {
  const database = await open();
  return new Promise((good, bad) => {
    const transaction = database.transaction(store, mode, { durability: "strict" });
    const request = work(transaction.objectStore(store));
    transaction.oncomplete = () => good(request.result);
    transaction.onabort = () => bad(transaction.error ?? new Error("aborted"));
    transaction.onerror = () => bad(transaction.error);
  });
}

export const read = (name) => transact("kept", "readonly", (s) => s.get(name));
export const keep = (name, value) => transact("kept", "readwrite", (s) => s.put(value, name));
export const forget = (name) => transact("kept", "readwrite", (s) => s.delete(name));
export const interview = (id) => transact("interviews", "readonly", (s) => s.get(id));
export const interviews = () => transact("interviews", "readonly", (s) => s.getAll());
export const remove = (id) => transact("interviews", "readwrite", (s) => s.delete(id));

// Write a draft, or what became of it; what is sealed already is never written over by a late draft.
export async function save(one) {
  const database = await open();
  return new Promise((good, bad) => {
    const transaction = database.transaction("interviews", "readwrite", { durability: "strict" });
    const store = transaction.objectStore("interviews");
    let fault = null;
    store.get(one.id).onsuccess = (event) => {
      try {
        if ((event.target.result?.state ?? "draft") === "draft") store.put(one);
      } catch (error) {
        fault = error;
        transaction.abort();
      }
    };
    transaction.oncomplete = () => good();
    transaction.onabort = () => bad(fault ?? transaction.error ?? new Error("aborted"));
  });
}

// Change one interview as it stands now, in one transaction; `change` returns it or null to leave it alone.
export async function amend(id, change) {
  const database = await open();
  return new Promise((good, bad) => {
    const transaction = database.transaction("interviews", "readwrite", { durability: "strict" });
    const store = transaction.objectStore("interviews");
    let result = null;
    store.get(id).onsuccess = (event) => {
      result = event.target.result ? change(event.target.result) : null;
      if (result) store.put(result);
    };
    transaction.oncomplete = () => good(result);
    transaction.onabort = () => bad(transaction.error ?? new Error("aborted"));
  });
}
