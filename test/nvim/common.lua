-- What both probes do once diagnostics have arrived.
local M = {}

function M.wait(what, holds)
  if not vim.wait(30000, holds, 20) then
    io.stderr:write('timed out: ' .. what .. '\n')
    vim.cmd('cquit 1')
  end
end

function M.findings()
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do
    local code = each.code or (each.user_data and each.user_data.lsp and each.user_data.lsp.code)
    table.insert(found, { code = code, lnum = each.lnum, col = each.col, end_col = each.end_col })
  end
  return found
end

-- The LSP diagnostics as the server sent them, for the code action's context.
local function sent()
  local list = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do
    if each.user_data and each.user_data.lsp then
      local lsp = each.user_data.lsp
      table.insert(list, {
        range = { start = { line = each.lnum, character = each.col }, ['end'] = { line = each.end_lnum, character = each.end_col } },
        message = each.message, source = each.source, severity = each.severity, code = lsp.code or each.code, data = lsp.data,
      })
    end
  end
  return list
end

function M.fix(request)
  local diagnostics = sent()
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(0),
    range = diagnostics[1].range,
    context = { diagnostics = diagnostics, only = { 'quickfix' } },
  }
  local answer
  request('textDocument/codeAction', params, function(result) answer = result or {} end)
  M.wait('code actions', function() return answer ~= nil end)
  local titles, fix = {}, nil
  for _, action in ipairs(answer) do
    table.insert(titles, action.title)
    if not fix and action.edit and action.title:find('USER') then fix = action end
  end
  if fix then vim.lsp.util.apply_workspace_edit(fix.edit, 'utf-16') end
  return titles
end

function M.done(seen)
  local file = io.open(os.getenv('PLIMSOLL_SEEN'), 'w')
  file:write(vim.fn.json_encode(seen))
  file:close()
  vim.cmd('silent write')
  vim.cmd('qall!')
end

return M
