import { object, type RefusedWrite } from './refused-write.ts';

const services = '/api/v1/namespaces/refusals/services';
const ingresses = '/apis/networking.k8s.io/v1/namespaces/refusals/ingresses';
const ingressClasses = '/apis/networking.k8s.io/v1/ingressclasses';
const policies = '/apis/networking.k8s.io/v1/namespaces/refusals/networkpolicies';
const endpoints = '/api/v1/namespaces/refusals/endpoints';
const slices = '/apis/discovery.k8s.io/v1/namespaces/refusals/endpointslices';

function service(spec: object = {}, name = 'x'): object {
  return object('v1', 'Service', { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });
}

function ports(...list: readonly object[]): object {
  return service({ ports: list });
}

function ingress(spec: object): object {
  return object('networking.k8s.io/v1', 'Ingress', { spec });
}

function ingressTo(path: object): object {
  return ingress({
    rules: [
      {
        http: {
          paths: [
            { path: '/', pathType: 'Prefix', backend: { service: { name: 'a', port: { number: 80 } } }, ...path },
          ],
        },
      },
    ],
  });
}

function policy(spec: object): object {
  return object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {}, ...spec } });
}

/** Services and what routes to them, with one mistake each. */
export const refusedServices: readonly RefusedWrite[] = [
  { title: 'a service without ports', at: services, body: service({ ports: [] }) },
  { title: 'a service without a spec', at: services, body: object('v1', 'Service') },
  { title: 'a long service name', at: services, body: service({}, 'a'.repeat(64)) },
  { title: 'a service of an unknown type', at: services, body: service({ type: 'Internal' }) },
  { title: 'a service port of zero', at: services, body: ports({ port: 0 }) },
  { title: 'a service port beyond the range', at: services, body: ports({ port: 70_000 }) },
  { title: 'a target port beyond the range', at: services, body: ports({ port: 80, targetPort: 70_000 }) },
  { title: 'a bad target port name', at: services, body: ports({ port: 80, targetPort: 'Bad_Port' }) },
  { title: 'two service ports without names', at: services, body: ports({ port: 80 }, { port: 81 }) },
  {
    title: 'two service ports of one name',
    at: services,
    body: ports({ port: 80, name: 'a' }, { port: 81, name: 'a' }),
  },
  { title: 'one service port twice', at: services, body: ports({ port: 80, name: 'a' }, { port: 80, name: 'b' }) },
  { title: 'a bad service port name', at: services, body: ports({ port: 80, name: 'Bad_Port' }) },
  { title: 'a service of an unknown protocol', at: services, body: ports({ port: 80, protocol: 'HTTP' }) },
  { title: 'a bad application protocol', at: services, body: ports({ port: 80, appProtocol: 'a b' }) },
  { title: 'an unknown session affinity', at: services, body: service({ sessionAffinity: 'Cookie' }) },
  {
    title: 'a session that lasts for ever',
    at: services,
    body: service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 100_000 } } }),
  },
  { title: 'a cluster address that is none', at: services, body: service({ clusterIP: 'here' }) },
  { title: 'a cluster address of another range', at: services, body: service({ clusterIP: '192.168.0.1' }) },
  { title: 'a cluster address that is taken', at: services, body: service({ clusterIP: '10.96.0.1' }) },
  { title: 'a headless load balancer', at: services, body: service({ type: 'LoadBalancer', clusterIP: 'None' }) },
  { title: 'a headless node port', at: services, body: service({ type: 'NodePort', clusterIP: 'None' }) },
  { title: 'an external name that is missing', at: services, body: service({ type: 'ExternalName' }) },
  { title: 'a bad external name', at: services, body: service({ type: 'ExternalName', externalName: 'Bad_Name' }) },
  {
    title: 'an external name with an address',
    at: services,
    body: service({ type: 'ExternalName', externalName: 'a.example', clusterIP: '10.96.0.77' }),
  },
  {
    title: 'a node port out of range',
    at: services,
    body: service({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
  },
  { title: 'a node port of a cluster service', at: services, body: ports({ port: 80, nodePort: 30_001 }) },
  {
    title: 'a node port that is taken',
    at: services,
    first: [{ at: services, body: service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30_123 }] }, 'y') }],
    body: service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30_123 }] }),
  },
  { title: 'an external address that is none', at: services, body: service({ externalIPs: ['here'] }) },
  { title: 'an external address on loopback', at: services, body: service({ externalIPs: ['127.0.0.1'] }) },
  {
    title: 'an unknown external traffic policy',
    at: services,
    body: service({ type: 'NodePort', externalTrafficPolicy: 'Maybe' }),
  },
  { title: 'external traffic of an internal service', at: services, body: service({ externalTrafficPolicy: 'Local' }) },
  { title: 'an unknown internal traffic policy', at: services, body: service({ internalTrafficPolicy: 'Maybe' }) },
  { title: 'an unknown address family', at: services, body: service({ ipFamilies: ['IPv5'] }) },
  { title: 'an address family that is not set up', at: services, body: service({ ipFamilies: ['IPv6'] }) },
  { title: 'two families where there is one', at: services, body: service({ ipFamilyPolicy: 'RequireDualStack' }) },
  {
    title: 'a load balancer class of a cluster service',
    at: services,
    body: service({ loadBalancerClass: 'example.com/a' }),
  },
  {
    title: 'source ranges of a cluster service',
    at: services,
    body: service({ loadBalancerSourceRanges: ['10.0.0.0/8'] }),
  },
  {
    title: 'a bad source range',
    at: services,
    body: service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0'] }),
  },
  { title: 'a health check port of a cluster service', at: services, body: service({ healthCheckNodePort: 30_500 }) },
  { title: 'a bad service selector', at: services, body: service({ selector: { 'a b': 'c' } }) },
  { title: 'an unknown traffic distribution', at: services, body: service({ trafficDistribution: 'Near' }) },
  {
    title: 'another cluster address',
    at: services,
    first: [{ at: services, body: service() }],
    patch: { spec: { clusterIP: '10.96.200.200', clusterIPs: ['10.96.200.200'] } },
    name: 'x',
  },
  {
    title: 'another first address only',
    at: services,
    first: [{ at: services, body: service({ clusterIP: '10.96.77.77' }) }],
    patch: { spec: { clusterIP: '10.96.200.200' } },
    name: 'x',
  },
  { title: 'an ingress of nothing', at: ingresses, body: ingress({}) },
  { title: 'an ingress without paths', at: ingresses, body: ingress({ rules: [{ http: { paths: [] } }] }) },
  { title: 'an ingress with a bad host', at: ingresses, body: ingress({ rules: [{ host: 'Bad_Host' }] }) },
  { title: 'an ingress with an address for a host', at: ingresses, body: ingress({ rules: [{ host: '1.2.3.4' }] }) },
  { title: 'an ingress with a bad wildcard', at: ingresses, body: ingress({ rules: [{ host: '*.*.example' }] }) },
  { title: 'an ingress path without a type', at: ingresses, body: ingressTo({ pathType: undefined }) },
  { title: 'an ingress path of an unknown type', at: ingresses, body: ingressTo({ pathType: 'Regex' }) },
  { title: 'a relative ingress path', at: ingresses, body: ingressTo({ path: 'a' }) },
  { title: 'an ingress path with two slashes', at: ingresses, body: ingressTo({ path: '/a//b' }) },
  { title: 'an ingress path with an escaped slash', at: ingresses, body: ingressTo({ path: '/a%2Fb' }) },
  { title: 'an ingress path to nowhere', at: ingresses, body: ingressTo({ backend: {} }) },
  {
    title: 'an ingress path to a service without a port',
    at: ingresses,
    body: ingressTo({ backend: { service: { name: 'a' } } }),
  },
  {
    title: 'an ingress path to a service with two ports',
    at: ingresses,
    body: ingressTo({ backend: { service: { name: 'a', port: { name: 'b', number: 80 } } } }),
  },
  {
    title: 'an ingress path to a service of a bad name and port',
    at: ingresses,
    body: ingressTo({ backend: { service: { name: 'Bad_Name', port: { number: 70_000 } } } }),
  },
  {
    title: 'an ingress path to two kinds of things',
    at: ingresses,
    body: ingressTo({ backend: { service: { name: 'a', port: { number: 80 } }, resource: { kind: 'A', name: 'b' } } }),
  },
  {
    title: 'an ingress with a bad certificate host',
    at: ingresses,
    body: ingress({
      defaultBackend: { service: { name: 'a', port: { number: 80 } } },
      tls: [{ hosts: ['Bad_Host'], secretName: 'Bad_Name' }],
    }),
  },
  {
    title: 'an ingress with a bad class',
    at: ingresses,
    body: ingress({ ingressClassName: 'Bad_Name', defaultBackend: { service: { name: 'a', port: { number: 80 } } } }),
  },
  {
    title: 'an ingress class with a bad controller',
    at: ingressClasses,
    body: object('networking.k8s.io/v1', 'IngressClass', { spec: { controller: 'nginx' } }),
  },
  {
    title: 'an ingress class without a controller',
    at: ingressClasses,
    body: object('networking.k8s.io/v1', 'IngressClass', { spec: {} }),
  },
  {
    title: 'an ingress class with another controller',
    at: ingressClasses,
    first: [
      {
        at: ingressClasses,
        body: object('networking.k8s.io/v1', 'IngressClass', { spec: { controller: 'example.com/a' } }),
      },
    ],
    patch: { spec: { controller: 'example.com/b' } },
    name: 'x',
  },
  { title: 'a policy of an unknown type', at: policies, body: policy({ policyTypes: ['Sideways'] }) },
  {
    title: 'a policy of too many types',
    at: policies,
    body: policy({ policyTypes: ['Ingress', 'Egress', 'Ingress'] }),
  },
  {
    title: 'a policy with a bad selector',
    at: policies,
    body: policy({ podSelector: { matchExpressions: [{ key: 'a', operator: 'Like' }] } }),
  },
  { title: 'a policy peer of nothing', at: policies, body: policy({ ingress: [{ from: [{}] }] }) },
  {
    title: 'a policy peer of two kinds',
    at: policies,
    body: policy({ ingress: [{ from: [{ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }] }] }),
  },
  {
    title: 'a policy peer of a bad range',
    at: policies,
    body: policy({ egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0' } }] }] }),
  },
  {
    title: 'a policy exception outside its range',
    at: policies,
    body: policy({ egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] }] }),
  },
  {
    title: 'a policy port of an unknown protocol',
    at: policies,
    body: policy({ ingress: [{ ports: [{ protocol: 'ICMP', port: 80 }] }] }),
  },
  { title: 'a policy port beyond the range', at: policies, body: policy({ ingress: [{ ports: [{ port: 70_000 }] }] }) },
  {
    title: 'a policy port range that ends before it starts',
    at: policies,
    body: policy({ ingress: [{ ports: [{ port: 80, endPort: 70 }] }] }),
  },
  {
    title: 'a policy port range from a name',
    at: policies,
    body: policy({ ingress: [{ ports: [{ port: 'http', endPort: 90 }] }] }),
  },
  {
    title: 'endpoints with a bad address',
    at: endpoints,
    body: object('v1', 'Endpoints', { subsets: [{ addresses: [{ ip: 'here' }], ports: [{ port: 80 }] }] }),
  },
  {
    title: 'endpoints on loopback',
    at: endpoints,
    body: object('v1', 'Endpoints', { subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ port: 80 }] }] }),
  },
  {
    title: 'endpoints without addresses',
    at: endpoints,
    body: object('v1', 'Endpoints', { subsets: [{ ports: [{ port: 70_000 }] }] }),
  },
  {
    title: 'a slice without a type',
    at: slices,
    body: object('discovery.k8s.io/v1', 'EndpointSlice', { endpoints: [] }),
  },
  {
    title: 'a slice of an unknown type',
    at: slices,
    body: object('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPX', endpoints: [] }),
  },
  {
    title: 'a slice with a bad address and port',
    at: slices,
    body: object('discovery.k8s.io/v1', 'EndpointSlice', {
      addressType: 'IPv4',
      endpoints: [{ addresses: ['here'] }],
      ports: [{ name: 'Bad_Port', port: 80, protocol: 'HTTP' }],
    }),
  },
  {
    title: 'a slice of another type',
    at: slices,
    first: [
      { at: slices, body: object('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv4', endpoints: [] }) },
    ],
    patch: { addressType: 'IPv6' },
    name: 'x',
  },
];
