/** What `kubectl rollout restart` sets on the template: a changed template is a new rollout. */
export function restartPatch(nowMs: number): object {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date(nowMs).toISOString() };
  return { spec: { template: { metadata: { annotations } } } };
}
