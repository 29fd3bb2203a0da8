import { type Controller, keysByResource } from '../../controllers/controller.ts';
import { timestamp } from '../../controllers/timestamp.ts';
import type { EngineContext } from '../engine.ts';
import { mergeConditions } from '../merge-conditions.ts';
import { controllerName, type Gateway, type GatewayClass, gatewayKinds, group } from './kinds.ts';

/** Keeps a class while Gateways use it. */
const inUse = 'gateway-exists-finalizer.gateway.networking.k8s.io';
const supportedFeatures = [
  'GRPCRoute',
  'Gateway',
  'GatewayPort8080',
  'HTTPRoute',
  'HTTPRouteQueryParamMatching',
  'ReferenceGrant',
  'TCPRoute',
  'TLSRoute',
  'UDPRoute',
].map((name) => ({ name }));

/** Accepts the GatewayClasses that name this controller; classes of others are left alone. */
export function createClassController(context: EngineContext): Controller {
  const { classes, gateways } = gatewayKinds(context);

  function hold(gatewayClass: GatewayClass, isHeld: boolean): GatewayClass {
    const present = gatewayClass.metadata.finalizers ?? [];
    if (present.includes(inUse) === isHeld) return gatewayClass;
    const finalizers = isHeld ? [...present, inUse] : present.filter((name) => name !== inUse);
    return classes.update({ ...gatewayClass, metadata: { ...gatewayClass.metadata, finalizers } });
  }

  return {
    name: 'gateway-class',
    keysOf: keysByResource({
      [`gatewayclasses.${group}`]: ({ metadata }) => [metadata.name],
      [`gateways.${group}`]: (object, { previous }) => {
        const names = [object, previous].map((each) => (each as Gateway | undefined)?.spec.gatewayClassName);
        return names.flatMap((name) => (name === undefined ? [] : [name]));
      },
    }),
    reconcile(name) {
      const gatewayClass = classes.get(undefined, name);
      if (gatewayClass?.spec.controllerName !== controllerName) return undefined;
      const isUsed = gateways.list().some(({ spec }) => spec.gatewayClassName === name);
      if (gatewayClass.metadata.deletionTimestamp !== undefined) {
        if (!isUsed) hold(gatewayClass, false);
        return undefined;
      }
      const current = hold(gatewayClass, isUsed);
      const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Valid GatewayClass' } as const;
      const stamp = { generation: current.metadata.generation ?? 1, now: timestamp(context.clock.now()) };
      const conditions = mergeConditions(current.status?.conditions, [accepted], stamp);
      classes.updateStatus(current, { conditions, supportedFeatures });
      return undefined;
    },
  };
}
