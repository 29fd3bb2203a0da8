/** The first tabs of GraphiQL; a test runs each of them against the sample. */
export const exampleOperations: readonly string[] = [
  `# What runs? One round trip, from the workload down to the node.
query Workloads {
  workloads(filter: { namespaces: ["shop"] }) {
    nodes {
      kind
      name
      status
      desiredReplicas
      readyReplicas
      pods {
        nodes { name reason restartCount node { name zone } }
      }
    }
    problems { cluster message }
  }
}
`,
  `# What happens? Leave it open, then scale something in the next tab.
subscription Pods {
  podChanges(filter: { namespaces: ["shop"] }) {
    type
    cursor
    pod { name reason readiness restartCount }
  }
}
`,
  `# Scale the front. Try it with dryRun: true first: "changes" tells what it would do.
query FindFront {
  workload(cluster: "embedded", kind: DEPLOYMENT, namespace: "shop", name: "vote-front") {
    id
    name
    desiredReplicas
  }
}

mutation Scale($id: ID!, $replicas: Int = 5) {
  scaleWorkload(input: { id: $id, replicas: $replicas }) {
    __typename
    ... on ScaleWorkloadSuccess {
      workload { name desiredReplicas }
      changes { operation path before after }
      operation { id status }
    }
    ... on Error { code message }
  }
}
`,
  `# What does it say? Take a pod's name from the first tab.
subscription Logs($pod: String!) {
  podLogLines(cluster: "embedded", namespace: "shop", pod: $pod, tail: 10) {
    type
    line { time text }
  }
}
`,
];
