// Seals a finished answer to the server's mixer: HPKE (RFC 9180), base mode, X25519, HKDF-SHA-256, AES-128-GCM.
// The sender's key is thrown away, so this device cannot open it again.
// The other half, and the label, stand in src/prongsai/survey/letterbox.py.
const LABEL = "prongsai letter 1/";
const subtle = globalThis.crypto?.subtle;
const bytes = (text) => new TextEncoder().encode(text);
const KEM = join(bytes("KEM"), [0, 0x20]);
const SUITE = join(bytes("HPKE"), [0, 0x20, 0, 1, 0, 1]);
const NOTHING = new Uint8Array();

function join(...parts) {
  const whole = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function mac(key, data) {
  const from = key.length ? key : new Uint8Array(32); // an absent salt is a row of zeros
  const imported = await subtle.importKey("raw", from, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, data));
}

const extract = (suite, salt, label, material) => mac(salt, join(bytes("HPKE-v1"), suite, bytes(label), material));

// All we need fits into one block of 32 bytes.
async function expand(suite, secret, label, info, length) {
  const block = await mac(secret, join([0, length], bytes("HPKE-v1"), suite, bytes(label), info, [1]));
  return block.slice(0, length);
}

// Whether this browser can: asked before the first interview, not after it.
export async function able() {
  try {
    await subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
    return true;
  } catch {
    return false;
  }
}

export async function seal(text, key) {
  const to = Uint8Array.from(atob(key.public), (c) => c.charCodeAt(0));
  const theirs = await subtle.importKey("raw", to, { name: "X25519" }, false, []);
  const own = await subtle.generateKey({ name: "X25519" }, true, ["deriveBits"]);
  const sender = new Uint8Array(await subtle.exportKey("raw", own.publicKey));
  const common = new Uint8Array(await subtle.deriveBits({ name: "X25519", public: theirs }, own.privateKey, 256));
  const shared = await expand(KEM, await extract(KEM, NOTHING, "eae_prk", common), "shared_secret", join(sender, to), 32);
  const context = join(
    [0],
    await extract(SUITE, NOTHING, "psk_id_hash", NOTHING),
    await extract(SUITE, NOTHING, "info_hash", bytes(LABEL + key.id)),
  );
  const secret = await extract(SUITE, shared, "secret", NOTHING);
  const aes = await subtle.importKey("raw", await expand(SUITE, secret, "key", context, 16), "AES-GCM", false, ["encrypt"]);
  const iv = await expand(SUITE, secret, "base_nonce", context, 12);
  const closed = new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, aes, bytes(text)));
  return btoa(String.fromCharCode(...sender, ...closed));
}
