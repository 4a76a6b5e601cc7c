// A real identity provider for the login tests: node server.mjs PORT REDIRECT_URI CLIENT_SECRET
// Whoever signs in as NAME is NAME; the pages are the provider's own development pages.
import Provider from "oidc-provider";

const [port, redirect, secret] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "prongsai", client_secret: secret, redirect_uris: [redirect] }],
  claims: { openid: ["sub"], profile: ["preferred_username", "name"], email: ["email"] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: `number-${id}`, preferred_username: id, name: id }) }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
