export function removeBridge(bridge: { name: string; subnet: string }): void;
