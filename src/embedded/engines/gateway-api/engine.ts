import type { EmbeddedEngine } from '../engine.ts';
import { createClassController } from './create-class-controller.ts';
import { createGatewayController, poolAnnotation } from './create-gateway-controller.ts';
import { createRouteController } from './create-route-controller.ts';
import { gatewayClassDefinition, gatewayDefinition, referenceGrantDefinition } from './gateway-definitions.ts';
import { controllerName, group } from './kinds.ts';
import { routeDefinitions } from './route-definitions.ts';

/** On a class, from where its Gateways can be reached: the API itself has no field for it. */
const typeLabel = 'longshore.dev/load-balancer-type';

/** Gateway API 1.6, standard channel, with a controller and two classes: reachable from outside, and from inside only. */
export const gatewayApiEngine: EmbeddedEngine = {
  name: 'gateway-api',
  objects: [
    gatewayClassDefinition,
    gatewayDefinition,
    referenceGrantDefinition,
    ...routeDefinitions,
    gatewayClass('embedded', 'public', 'Reachable from outside', '198.51.100.0/24'),
    gatewayClass('embedded-internal', 'internal', 'Reachable from inside the cluster only', '10.98.0.0/24'),
  ],
  createControllers: (context) => [
    createClassController(context),
    createGatewayController(context),
    createRouteController(context),
  ],
};

function gatewayClass(name: string, type: 'public' | 'internal', description: string, addresses: string) {
  return {
    apiVersion: `${group}/v1`,
    kind: 'GatewayClass',
    metadata: { name, labels: { [typeLabel]: type }, annotations: { [poolAnnotation]: addresses } },
    spec: { controllerName, description },
  };
}
