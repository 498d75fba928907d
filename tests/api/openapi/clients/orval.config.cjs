module.exports = {
  newsroom: {
    input: "./openapi.json",
    output: { target: "./generated/orval.ts", client: "fetch", baseUrl: { runtime: "String((globalThis as { base?: string }).base)" } },
  },
};
