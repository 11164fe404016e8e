/** An esbuild plugin: the host's function that loads a server by name, with the names of its servers written out, since a bundle holds no others. */
export function serversByName(names) {
  return {
    name: "servers-by-name",
    setup(building) {
      building.onLoad({ filter: /agent-host[\\/]src[\\/]tools[\\/]load-server\.ts$/ }, () => {
        const servers = names.map((name) => JSON.stringify(name));
        const loaders = servers.map((name) => `${name}: () => import(${name})`).join(", ");
        return {
          loader: "js",
          contents: `const loaders = {${loaders}};\nexport const loadServer = (name) => loaders[name]();`,
        };
      });
    },
  };
}
