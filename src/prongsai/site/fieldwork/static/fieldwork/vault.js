// Drafts are encrypted (AES-GCM) with a random key; that key lies here wrapped by one stretched from the device's code
// (PBKDF2, SHA-256). Limits: a short code can be guessed by whoever copies the device's disk and tries on fast machines;
// while the app is open its memory holds the key. Finished interviews do not depend on it: they are sealed (seal.js).
const ROUNDS = 600000;
export const LEAST = 8;
const subtle = globalThis.crypto?.subtle;

async function stretched(code, salt, rounds, uses) {
  const text = new TextEncoder().encode(code.normalize("NFC"));
  const from = await subtle.importKey("raw", text, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, uses);
}

// A new vault: what to keep, and the key to work with.
export async function create(code) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const by = await stretched(code, salt, ROUNDS, ["wrapKey"]);
  const wrapped = await subtle.wrapKey("raw", key, by, { name: "AES-GCM", iv });
  const vault = { salt, iv, wrapped, rounds: ROUNDS };
  return { vault, key: await unlock(vault, code) };
}

// The key, or null where the code is wrong. It cannot be taken out of the browser's memory by script.
export async function unlock(vault, code) {
  const by = await stretched(code, vault.salt, vault.rounds, ["unwrapKey"]);
  const how = { name: "AES-GCM", iv: vault.iv };
  try {
    return await subtle.unwrapKey("raw", vault.wrapped, by, how, { name: "AES-GCM" }, false, ["encrypt", "decrypt"]);
  } catch {
    return null;
  }
}

export async function encrypt(key, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(value)));
  return { iv, data };
}

export async function decrypt(key, box) {
  const data = await subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.data);
  return JSON.parse(new TextDecoder().decode(data));
}
