/** The query parameters of operations: their type and what they do, by name. */
export const queryParameters: Readonly<Record<string, { readonly type: string; readonly description: string }>> = {
  allowWatchBookmarks: { type: 'boolean', description: 'Asks a watch for events with type "BOOKMARK".' },
  continue: {
    type: 'string',
    description: 'The token of the previous page of a list, with the same other parameters.',
  },
  dryRun: {
    type: 'string',
    description: 'Processes the request in full but stores nothing. The only valid value is All.',
  },
  fieldManager: {
    type: 'string',
    description: 'Who makes the change, at most 128 printable characters. Required for apply.',
  },
  fieldSelector: {
    type: 'string',
    description: 'Restricts a list to objects whose fields match. Defaults to everything.',
  },
  fieldValidation: {
    type: 'string',
    description:
      'What becomes of unknown and duplicate fields. Ignore: they are dropped silently. Warn, the default: they are dropped and each is named in a warning header. Strict: the request fails and names them all.',
  },
  follow: { type: 'boolean', description: 'Keeps the stream of the log open.' },
  force: { type: 'boolean', description: 'Takes fields over that other managers own. Only for apply.' },
  gracePeriodSeconds: {
    type: 'integer',
    description: "Seconds before the object is deleted; 0 deletes at once, unset takes the kind's own default.",
  },
  labelSelector: {
    type: 'string',
    description: 'Restricts a list to objects whose labels match. Defaults to everything.',
  },
  limit: { type: 'integer', description: 'The most objects to answer with; the rest is behind a continue token.' },
  orphanDependents: { type: 'boolean', description: 'Deprecated: use propagationPolicy.' },
  pretty: { type: 'string', description: 'Whether the answer is indented.' },
  propagationPolicy: {
    type: 'string',
    description: 'What becomes of dependents: Orphan, Background or Foreground.',
  },
  resourceVersion: { type: 'string', description: 'How new the answer must be; see resourceVersionMatch.' },
  resourceVersionMatch: { type: 'string', description: 'How resourceVersion is meant: Exact or NotOlderThan.' },
  sendInitialEvents: {
    type: 'boolean',
    description: 'Begins a watch with all present objects, then a bookmark annotated k8s.io/initial-events-end.',
  },
  timeoutSeconds: { type: 'integer', description: 'Ends a list or watch after this many seconds.' },
  watch: { type: 'boolean', description: 'Watches the objects instead of listing them.' },
};
