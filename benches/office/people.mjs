// Four people for an office of invented data that has nobody yet: its administrator is made by the invitation that the office
// printed, and adds them. Writes what they sign in with, for `load.mjs` and `looks.mjs`.
//
//   node people.mjs http://localhost:8080 INVITATION logins.txt
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";

const [page, invitation, file] = process.argv.slice(2);
if (!page || !invitation || !file) {
  console.error("usage: node people.mjs PAGE INVITATION LOGINS");
  process.exit(2);
}
const password = () => randomBytes(12).toString("base64url");

async function ask(path, body, headers = {}) {
  const answer = await fetch(new URL(`/api/v1${path}`, page), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

const own = password();
await ask("/invitation", { token: invitation, password: own });
const signedIn = await ask("/session", { name: "administrator", password: own });
const cookie = signedIn.headers.getSetCookie()[0].split(";")[0];
const { csrf } = await signedIn.json();
const lines = [`administrator administrator ${own}`];
for (const role of ["investigator", "magistrate", "commander", "analyst"]) {
  const body = { name: role, sign_in: role, service_number: null, roles: [{ role }], clearances: [] };
  const { invitation: token } = await (await ask("/people", body, { cookie, "x-csrf": csrf })).json();
  const secret = password();
  await ask("/invitation", { token, password: secret });
  lines.push(`${role} ${role} ${secret}`);
}
writeFileSync(file, lines.join("\n") + "\n", { mode: 0o600 });
