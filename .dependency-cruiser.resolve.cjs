/** package.json maps #core/* to .js files that exist only after a build. */
module.exports = {
  resolve: {
    extensions: ['.ts', '.js'],
    extensionAlias: { '.js': ['.ts', '.js'] },
    conditionNames: ['import', 'node', 'default'],
  },
}
