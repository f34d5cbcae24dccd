// A real OpenID Connect provider for the tests: the package `oidc-provider`, with people made up here.
// Prints its issuer on a line once it answers, and ends when its input does. Whoever signs in says so in the query of
// the sign-in page. A test can change what the organisation says of somebody, renew the keys, and have tokens forged.
import http from 'node:http';

import * as jose from 'jose';
import { Provider } from 'oidc-provider';

// `oidc-provider` asks for it; early releases of Node 20 have none.
URL.parse ??= (text, base) => (URL.canParse(text, base) ? new URL(text, base) : null);

const [secret, redirect] = process.argv.slice(2);
const people = {
  claire: { name: 'Claire M.', preferred_username: 'Claire', groups: ['investigators'], number: 'A-77', cleared: 'judicial' },
  denis: { name: 'Denis R.', preferred_username: 'denis', groups: ['drivers'] },
};
/** The private keys that there were, the one in use last. */
const keys = [];
/** One that nobody publishes. */
const stranger = (await jose.generateKeyPair('RS256')).privateKey;
/** What is done to ID tokens and to what is said of people, until a test says otherwise. */
let forgery = {};
let provider;

/** A provider with a new key and no other; what it gave out before stays good. */
async function renew(issuer) {
  const { privateKey } = await jose.generateKeyPair('RS256', { extractable: true });
  keys.push({ ...(await jose.exportJWK(privateKey)), kid: `key ${keys.length + 1}`, alg: 'RS256', use: 'sig' });
  provider = new Provider(issuer, {
    jwks: { keys: [keys.at(-1)] },
    clients: [{
      client_id: 'cellsweep',
      client_secret: secret,
      redirect_uris: [redirect],
      response_types: ['code'],
      grant_types: ['authorization_code'],
    }],
    claims: { profile: ['name', 'preferred_username'], groups: ['groups', 'number', 'cleared'], openid: ['sub', 'amr'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid profile groups');
      await grant.save();
      return grant;
    },
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path === '/token' && ctx.body?.id_token) ctx.body.id_token = await forged(ctx.body.id_token);
    if (ctx.path === '/me' && ctx.status === 200) ctx.body = { ...ctx.body, ...forgery.person };
  });
}

/** An ID token with other claims (null = without the claim), signed in one of several ways. */
async function forged(token) {
  const claims = { ...jose.decodeJwt(token), ...forgery.claims };
  for (const name of Object.keys(claims)) if (claims[name] === null) delete claims[name];
  const header = jose.decodeProtectedHeader(token);
  const signed = (key, more) => new jose.SignJWT(claims).setProtectedHeader({ ...header, ...more }).sign(key);
  const [former, own] = [keys.at(-2), keys.at(-1)];
  switch (forgery.signed) {
    case undefined: return token;
    case 'well': return signed(await jose.importJWK(own));
    case 'before': return [token.split('.')[0], jose.base64url.encode(JSON.stringify(claims)), token.split('.')[2]].join('.');
    case 'by a stranger': return signed(stranger);
    case 'by a former key': return signed(await jose.importJWK(former), { kid: former.kid });
    case 'by the secret': return signed(new TextEncoder().encode(secret), { alg: 'HS256', kid: undefined });
    case 'by nobody': return new jose.UnsecuredJWT(claims).encode();
    default: throw new Error(`tokens can't be signed ${forgery.signed}`);
  }
}

/** What a test asks for. */
const asked = {
  become: (query) => { people[query.get('who')].groups = query.getAll('group'); },
  renew: (_query, issuer) => renew(issuer),
  forge: (query) => { forgery = JSON.parse(query.get('as')); },
};

async function answer(request, response, issuer) {
  const url = new URL(request.url, issuer);
  const [, first, second] = url.pathname.split('/');
  if (first === 'test') {
    await asked[second](url.searchParams, issuer);
    response.end();
  } else if (first === 'sign-in') {
    const login = { accountId: url.searchParams.get('as'), amr: url.searchParams.getAll('amr') };
    await provider.interactionFinished(request, response, { login });
  } else {
    await provider.callback()(request, response);
  }
}

const server = http.createServer();
server.listen(0, 'localhost', async () => {
  const issuer = `http://localhost:${server.address().port}`;
  await renew(issuer);
  server.on('request', (request, response) => {
    answer(request, response, issuer).catch((error) => {
      console.error(error);
      response.writeHead(500).end(String(error));
    });
  });
  console.log(issuer);
});
process.stdin.on('end', () => process.exit()).resume();
