/** The arrows of the house: rooms from top to bottom. A room may import itself and what stands below it. */
const rooms = ['graph', 'access', 'live', 'kube', 'audit', 'work', 'data', 'kernel', 'config'];

const arrows = rooms.map((room, index) => ({
  name: `arrows-${room}`,
  severity: 'error',
  comment: `src/${room} may import only itself and the rooms below it`,
  from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$|/testing/' },
  to: { path: '^(src|plugins)/', pathNot: `^src/(${rooms.slice(index).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'embedded-stands-alone',
      severity: 'error',
      comment: 'src/embedded knows only config',
      from: { path: '^src/embedded/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^(src|plugins)/', pathNot: '^src/(embedded|config)/' },
    },
    {
      name: 'sdk-knows-the-rooms',
      severity: 'error',
      comment: 'the door for plugins opens on the rooms only',
      from: { path: '^src/sdk\\.ts$' },
      to: { path: '^(src/(server|embedded|main|testing)|plugins)' },
    },
    {
      name: 'no-plugin-from-src',
      severity: 'error',
      comment: 'src never imports a plugin: built-in plugins are loaded like any partner’s',
      from: { path: '^src/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^plugins/' },
    },
    {
      name: 'plugins-use-the-doors',
      severity: 'error',
      comment: 'a plugin imports longshore/sdk and other plugins’ api.ts, nothing else of the house',
      from: { path: '^plugins/([^/]+)/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^(src|plugins)/', pathNot: '^(src/sdk\\.ts$|plugins/$1/|plugins/[^/]+/api\\.ts$)' },
    },
    {
      name: 'services-below-schema',
      severity: 'error',
      comment: 'services are free of GraphQL',
      from: { path: '^plugins/([^/]+)/services/', pathNot: '\\.test\\.ts$' },
      to: { path: '^plugins/[^/]+/(schema|reconcilers)/' },
    },
    {
      name: 'cluster-client-in-kube',
      severity: 'error',
      comment: 'only src/kube speaks to clusters; anybody may use the types of the client library',
      from: { path: '^(src|plugins)/', pathNot: '^src/kube/|\\.test\\.ts$|/testing/' },
      to: { path: 'node_modules/@kubernetes/client-node', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'database-drivers-in-data',
      severity: 'error',
      comment: 'only src/data knows the database drivers',
      from: { path: '^(src|plugins)/', pathNot: '^src/data/|\\.test\\.ts$|/testing/' },
      to: { path: 'node_modules/(postgres|@electric-sql)/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'files do not go round in circles (types apart, which vanish)',
      from: { path: '^(src|plugins)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      comment: 'every import leads somewhere',
      from: { path: '^(src|plugins|deploy)/' },
      to: { couldNotResolve: true, pathNot: '^(longshore/|bun:|node:|@graphql-typed-document-node/core)' },
    },
    {
      name: 'no-tests-in-product',
      severity: 'error',
      comment: 'product code imports neither tests nor their helpers',
      from: { path: '^(src|plugins)/', pathNot: '\\.test\\.ts$|/testing/|^src/testing\\.ts$' },
      to: { path: '^test/|\\.test\\.ts$|/testing/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    doNotFollow: { path: 'node_modules|\\.test\\.ts$|/testing/' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json', '.mjs', '.cjs'],
    },
  },
};
