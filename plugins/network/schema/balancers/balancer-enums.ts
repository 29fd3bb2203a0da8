import { type LongshoreBuilder, registerEnum } from 'longshore/sdk';

/** The words of load balancers, listeners and backend groups. */
export function registerBalancerEnums(builder: LongshoreBuilder): void {
  registerEnum(builder, 'LoadBalancerState', 'How a load balancer does.', {
    PENDING: 'Its controller works on it, or has not looked at it yet.',
    RUNNING: 'It takes traffic at its addresses (`Programmed`).',
    FAILED: 'Its controller refuses it: `stateReason` and `stateMessage` say why.',
    DELETING: 'It is going away.',
  });
  registerEnum(builder, 'LoadBalancerType', 'From where a load balancer can be reached; its class says it.', {
    PUBLIC: 'From outside: the class is labelled `longshore.dev/load-balancer-type: public`.',
    INTERNAL: 'From inside the network alone: the class is labelled `internal`.',
    UNKNOWN: 'Its class does not say.',
  });
  registerEnum(builder, 'ListenerProtocol', 'What a listener speaks.', {
    TCP: 'Connections, led on as they are.',
    UDP: 'Packets, led on as they are.',
    HTTP: 'HTTP requests.',
    HTTPS: 'HTTP requests by TLS, which ends at the listener; its backend group speaks HTTP.',
    UNKNOWN: 'One that the platform does not make; `rawProtocol` has it.',
  });
  registerEnum(builder, 'ListenerState', 'How a listener does.', {
    PENDING: 'Its controller works on it, or has not looked at it yet.',
    RUNNING: 'It takes traffic and leads it to a backend group.',
    NO_BACKEND: 'It is open, but no backend group is bound to it (CON-25).',
    FAILED: 'Its controller refuses it: `stateReason` and `stateMessage` say why.',
    DELETING: 'Its load balancer is going away.',
  });
  registerEnum(builder, 'BackendGroupProtocol', 'What a backend group speaks; it never changes (NET-19).', {
    TCP: 'TCPRoute, for listeners that speak TCP.',
    UDP: 'UDPRoute, for listeners that speak UDP.',
    HTTP: 'HTTPRoute, for listeners that speak HTTP or HTTPS.',
  });
  registerEnum(builder, 'BackendGroupState', 'How a backend group does.', {
    PENDING: 'The controller of its load balancer has not looked at it yet.',
    RUNNING: 'A listener leads to it, and its Services are there.',
    UNBOUND: 'No listener leads to it.',
    FAILED:
      'A listener does not take it, or what it leads to is missing or not ready: `stateReason` and `stateMessage` say why.',
    DELETING: 'It is going away.',
  });
  registerEnum(builder, 'BackendGroupMemberState', 'How the instances behind a Service of a backend group do.', {
    READY: 'All of its endpoints are ready.',
    DEGRADED: 'Some are ready: these alone get traffic.',
    UNAVAILABLE: 'None is ready: requests that fall to it fail.',
    MISSING: 'The Service or its port is not there for you.',
    UNKNOWN: 'Its endpoints are not for you to read.',
  });
  registerEnum(builder, 'ForwardingRule', 'How a load balancer chooses among backends (CON-20).', {
    ROUND_ROBIN: 'One after the other. What Gateways do by themselves.',
    LEAST_CONN: 'The one with the fewest connections.',
    WEIGHTED: 'By the weights of the Services. What Gateways do where weights differ.',
    WEIGHTED_LEAST_CONN: 'The one with the fewest connections for its weight.',
  });
  registerEnum(builder, 'BackendGroupSetting', 'What the Gateway API has no field for.', {
    LEAST_CONN: 'Choosing by the fewest connections.',
    SESSION_PERSISTENCE: 'A client stays with its backend.',
    HEALTH_CHECK: 'The load balancer probes by itself, beyond the readiness of pods.',
  });
}
