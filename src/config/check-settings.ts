import { wellKnownKeys } from './secret-key.ts';
import type { ParsedSettings, SettingSources, SettingsMode } from './settings.ts';

/** What one setting's schema cannot see: rules between settings, and what `serve` demands. One line for each problem. */
export function checkSettings(settings: ParsedSettings, mode: SettingsMode, sources: SettingSources): string[] {
  return [
    ...(mode === 'serve' ? missingForServe(settings) : []),
    ...conflicts(settings, sources),
    ...duplicates(
      'tokens',
      'name',
      settings.tokens.map(({ name }) => name),
    ),
    ...duplicates(
      'roles',
      'name',
      settings.roles.map(({ name }) => name),
    ),
    ...duplicates(
      'oidc',
      'issuer',
      settings.oidc.map(({ issuer }) => issuer),
    ),
    ...duplicates(
      'clusters',
      'name',
      settings.clusters.map(({ name }) => name),
    ),
    ...duplicates(
      'plugins',
      undefined,
      settings.plugins.map(({ plugin }) => plugin),
    ),
    ...tokenProblems(settings),
    ...groupProblems(settings),
    ...serviceAccountProblems(settings),
    ...clusterProblems(settings),
  ];
}

function missingForServe(settings: ParsedSettings): string[] {
  const problems: string[] = [];
  if (!settings.secretKey) {
    problems.push(
      'secretKey is missing: serve needs it in LONGSHORE_SECRET_KEY; make one with: openssl rand -base64 32',
    );
  }
  if (settings.allowedHosts.length === 0) {
    problems.push(
      'allowedHosts is missing: serve needs the host names it is called by, e.g. LONGSHORE_ALLOWED_HOSTS=api.example.com',
    );
  }
  if (settings.allowedOrigins.length === 0) {
    problems.push(
      'allowedOrigins is missing: serve needs the origins of its consoles, e.g. LONGSHORE_ALLOWED_ORIGINS=https://console.example.com',
    );
  }
  return problems;
}

function conflicts(settings: ParsedSettings, sources: SettingSources): string[] {
  const problems: string[] = [];
  if (settings.kubeconfig !== undefined && settings.clusters.length > 0) {
    problems.push(
      `kubeconfig (${sources.kubeconfig}) and clusters (${sources.clusters}) cannot both be set: the contexts of kubeconfig would be the only clusters`,
    );
  }
  if (settings.trustedDocuments.only && settings.trustedDocuments.file === undefined) {
    problems.push('trustedDocuments.only needs trustedDocuments.file: nothing could be asked without it');
  }
  if (settings.plugins.some(({ plugin, optional }) => plugin === 'core' && optional)) {
    problems.push('plugins: core cannot be optional');
  }
  return problems;
}

function duplicates(list: string, member: string | undefined, names: readonly string[]): string[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map(
    (name) => `${list}: '${name}' stands there twice${member ? `, each ${member} must be unique` : ''}`,
  );
}

function tokenProblems(settings: ParsedSettings): string[] {
  const guessable = wellKnownKeys();
  return settings.tokens.flatMap((token, index) => {
    const problems: string[] = [];
    const twin = settings.tokens.findIndex(({ sha256 }) => sha256 === token.sha256);
    if (twin !== index)
      problems.push(`tokens[${index}].sha256 is the same as that of tokens[${twin}]; each holder needs an own token`);
    if (guessable.has(token.sha256)) {
      problems.push(
        `tokens[${index}].sha256 belongs to a token that anyone can guess; make one with: openssl rand -hex 32`,
      );
    }
    return problems;
  });
}

/** A group of one provider is not the group of the same name of another, and must not pass for it (CORE-09). */
function groupProblems({ oidc }: ParsedSettings): string[] {
  if (oidc.length < 2) return [];
  return oidc.flatMap(({ groupsPrefix }, index) => {
    if (groupsPrefix === undefined) {
      return [`oidc[${index}].groupsPrefix is missing: with several providers each needs its own, such as 'corp:'`];
    }
    const twin = oidc.findIndex((other) => other.groupsPrefix?.toLowerCase() === groupsPrefix.toLowerCase());
    return twin === index ? [] : [`oidc[${index}].groupsPrefix is the same as that of oidc[${twin}]`];
  });
}

/** Whoever is shown a token can use it: no token may be meant for two clusters. */
function serviceAccountProblems({ serviceAccounts }: ParsedSettings): string[] {
  return serviceAccounts.flatMap((one, index) =>
    serviceAccounts.slice(0, index).flatMap((other, otherIndex) => {
      const isTold = one.issuer !== undefined && other.issuer !== undefined && one.issuer !== other.issuer;
      const shared = one.audiences.find((audience) => other.audiences.includes(audience));
      if (isTold || shared === undefined) return [];
      return [
        `serviceAccounts[${index}] and serviceAccounts[${otherIndex}] share the audience '${shared}': each needs its own audiences, or its own issuer`,
      ];
    }),
  );
}

function clusterProblems(settings: ParsedSettings): string[] {
  return settings.clusters.flatMap((cluster, index) => {
    const problems: string[] = [];
    if ((cluster.kubeconfig !== undefined) === cluster.inCluster) {
      problems.push(`clusters[${index}] '${cluster.name}' needs either kubeconfig or inCluster: true, and not both`);
    }
    if (cluster.context !== undefined && cluster.inCluster) {
      problems.push(`clusters[${index}].context has no meaning with inCluster: true`);
    }
    if (settings.embedded.enabled && cluster.name === 'embedded') {
      problems.push(`clusters[${index}].name must not be 'embedded' while the embedded cluster runs`);
    }
    return problems;
  });
}
