-- Neovim 0.7: no pull diagnostics, so the server must push.
package.path = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':h') .. '/?.lua;' .. package.path
local common = require('common')
vim.bo.filetype = 'dockerfile'
local id = vim.lsp.start_client({
  name = 'plimsoll',
  cmd = { os.getenv('PLIMSOLL_NODE'), os.getenv('PLIMSOLL_CLI'), 'lsp', '--stdio' },
  root_dir = vim.fn.getcwd(),
})
vim.lsp.buf_attach_client(0, id)
common.wait('diagnostics', function() return #vim.diagnostic.get(0) > 0 end)
local findings = common.findings()
local client = vim.lsp.get_client_by_id(id)
local titles = common.fix(function(method, params, done)
  client.request(method, params, function(_, result) done(result) end, 0)
end)
common.wait('the finding to go', function()
  for _, each in ipairs(common.findings()) do
    if each.code == 'final-stage-runs-as-root' then return false end
  end
  return true
end)
common.done({ findings = findings, titles = titles })
