/** Thirty fields, as a console's list of pods asks them. */
export const podFields = `
  id name namespace uid createdAt resourceVersion
  labels { key value }
  owners { kind name }
  phase reason readiness restartCount qosClass serviceAccountName nodeName hostIP podIP startedAt isReady
  conditions { type status reason lastTransitionTime }
  containers { name image state isReady restartCount }
`;
