// A real OpenID Connect provider for the tests: the package `oidc-provider`, with people made up here.
// Prints its issuer on a line once it listens. Whoever signs in says so in the query of the sign-in page.
import http from 'node:http';
import { Provider } from 'oidc-provider';

const people = {
  claire: { name: 'Claire M.', preferred_username: 'Claire', groups: ['investigators'], number: 'A-77', cleared: 'judicial' },
  denis: { name: 'Denis R.', preferred_username: 'denis', groups: ['drivers'] },
};

const server = http.createServer();
server.listen(0, 'localhost', () => {
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'cellsweep',
      client_secret: process.argv[2],
      redirect_uris: [process.argv[3]],
      // The office's address is made up; a native client may come back to any.
      response_types: ['code'],
      grant_types: ['authorization_code'],
    }],
    claims: { profile: ['name', 'preferred_username'], groups: ['groups', 'number', 'cleared'], openid: ['sub', 'amr'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    async loadExistingGrant(ctx) {
      const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid profile groups');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    const url = new URL(request.url, issuer);
    if (url.pathname.startsWith('/become/')) {
      // A test changes what the organisation says of somebody.
      people[url.pathname.split('/')[2]].groups = url.searchParams.getAll('group');
      response.end();
    } else if (url.pathname.startsWith('/sign-in/')) {
      const login = { accountId: url.searchParams.get('as'), amr: url.searchParams.getAll('amr') };
      await provider.interactionFinished(request, response, { login });
    } else {
      answer(request, response);
    }
  });
  console.log(issuer);
});
