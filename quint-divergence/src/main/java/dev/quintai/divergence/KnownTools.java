package dev.quintai.divergence;

/**
 * The tools of known agents, version 1, by the names in their sources and documentation (read in
 * November 2026): Claude Code 2.1, Codex 0.9x, Gemini CLI 0.61 and its fork Qwen Code, pi 0.73,
 * opencode 1.x, Cline 3.x and its forks, Continue, Cursor, GitHub Copilot, Windsurf, Amp, and the
 * tool types of Anthropic's and OpenAI's APIs.
 */
final class KnownTools {
  private KnownTools() {}

  static void addTo(EffectModel.Builder table) {
    table
        // Claude Code
        .tool(ToolKind.READ, "Read", "NotebookRead")
        .tool(ToolKind.EDIT, "Edit", "MultiEdit", "NotebookEdit")
        .tool(ToolKind.WRITE, "Write")
        .tool(ToolKind.SHELL, "Bash", "PowerShell")
        .tool(ToolKind.SEARCH, "Glob", "Grep", "LS")
        .tool(ToolKind.FETCH, "WebFetch")
        .tool(
            ToolKind.NONE,
            "WebSearch",
            "Task",
            "Agent",
            "TodoWrite",
            "TodoRead",
            "BashOutput",
            "KillShell",
            "KillBash",
            "ExitPlanMode",
            "EnterPlanMode",
            "AskUserQuestion",
            "TaskCreate",
            "TaskUpdate",
            "TaskList",
            "TaskGet",
            "TaskOutput",
            "TaskStop",
            "ToolSearch")
        .tool(
            ToolKind.UNKNOWN,
            "Skill",
            "SlashCommand",
            "ListMcpResourcesTool",
            "ReadMcpResourceTool",
            "LSP")
        // Codex and OpenAI's API
        .tool(
            ToolKind.SHELL,
            "shell",
            "local_shell",
            "local_shell_call",
            "shell_command",
            "container.exec",
            "exec_command",
            "unified_exec",
            "shell_call")
        .tool(ToolKind.PATCH, "apply_patch", "apply_patch_call")
        .tool(ToolKind.READ, "view_image", "read_file")
        .tool(
            ToolKind.NONE,
            "update_plan",
            "web_search",
            "web_search_call",
            "request_user_input",
            "spawn_agent",
            "wait",
            "close_agent",
            "send_input")
        .tool(ToolKind.UNKNOWN, "write_stdin", "js_repl", "tool_search")
        .tool(ToolKind.SEARCH, "list_dir", "grep_files")
        // Gemini CLI and Qwen Code
        .tool(ToolKind.SHELL, "run_shell_command")
        .tool(ToolKind.READ, "read_many_files")
        .tool(ToolKind.WRITE, "write_file")
        .tool(ToolKind.EDIT, "replace")
        .tool(
            ToolKind.SEARCH,
            "glob",
            "search_file_content",
            "list_directory",
            "grep_search",
            "ripgrep")
        .tool(ToolKind.FETCH, "web_fetch")
        .tool(
            ToolKind.NONE,
            "google_web_search",
            "write_todos",
            "todo_write",
            "ask_user",
            "enter_plan_mode",
            "exit_plan_mode",
            "task",
            "complete_task",
            "update_topic")
        .tool(ToolKind.UNKNOWN, "save_memory", "activate_skill", "get_internal_docs")
        // pi and opencode
        .tool(ToolKind.SHELL, "bash")
        .tool(ToolKind.READ, "read")
        .tool(ToolKind.WRITE, "write")
        .tool(ToolKind.EDIT, "edit", "multiedit")
        .tool(ToolKind.PATCH, "patch")
        .tool(ToolKind.SEARCH, "grep", "find", "ls", "list", "codesearch")
        .tool(ToolKind.FETCH, "webfetch")
        .tool(ToolKind.NONE, "todowrite", "todoread", "question", "websearch", "plan_exit")
        .tool(ToolKind.UNKNOWN, "skill", "lsp", "invalid")
        // Cline, Roo Code
        .tool(ToolKind.SHELL, "execute_command")
        .tool(ToolKind.WRITE, "write_to_file")
        .tool(
            ToolKind.EDIT,
            "replace_in_file",
            "apply_diff",
            "insert_content",
            "search_and_replace",
            "edit_file")
        .tool(
            ToolKind.SEARCH,
            "search_files",
            "list_files",
            "list_code_definition_names",
            "codebase_search")
        .tool(ToolKind.UNKNOWN, "use_mcp_tool", "access_mcp_resource", "browser_action")
        .tool(
            ToolKind.NONE,
            "ask_followup_question",
            "attempt_completion",
            "new_task",
            "plan_mode_respond",
            "switch_mode",
            "update_todo_list",
            "focus_chain",
            "load_mcp_documentation",
            "condense",
            "fetch_instructions")
        // Continue
        .tool(ToolKind.READ, "builtin_read_file", "builtin_read_file_range")
        .tool(ToolKind.WRITE, "builtin_create_new_file", "create_new_file")
        .tool(
            ToolKind.EDIT,
            "builtin_edit_existing_file",
            "builtin_single_find_and_replace",
            "builtin_multi_edit",
            "edit_existing_file",
            "single_find_and_replace",
            "multi_edit")
        .tool(ToolKind.SHELL, "builtin_run_terminal_command", "run_terminal_command")
        .tool(
            ToolKind.SEARCH,
            "builtin_grep_search",
            "builtin_ls",
            "builtin_file_glob_search",
            "file_glob_search",
            "builtin_view_subdirectory",
            "Search",
            "List")
        .tool(ToolKind.FETCH, "builtin_fetch_url_content", "fetch_url_content", "Fetch")
        .tool(ToolKind.NONE, "builtin_search_web", "search_web", "Checklist", "Exit")
        .tool(ToolKind.UNKNOWN, "builtin_view_diff", "builtin_codebase", "builtin_view_repo_map")
        // Cursor
        .tool(ToolKind.SHELL, "run_terminal_cmd")
        .tool(ToolKind.EDIT, "search_replace", "StrReplace", "edit_notebook", "reapply")
        .tool(ToolKind.DELETE, "delete_file", "Delete")
        .tool(ToolKind.SEARCH, "file_search")
        .tool(ToolKind.NONE, "create_diagram", "update_memory", "fetch_rules")
        // GitHub Copilot
        .tool(ToolKind.SHELL, "run_in_terminal")
        .tool(ToolKind.WRITE, "create_file", "create_directory")
        .tool(
            ToolKind.EDIT,
            "insert_edit_into_file",
            "replace_string_in_file",
            "multi_replace_string_in_file",
            "edit_notebook_file")
        .tool(ToolKind.SEARCH, "semantic_search", "list_code_usages", "test_search")
        .tool(ToolKind.FETCH, "fetch_webpage")
        .tool(
            ToolKind.NONE,
            "manage_todo_list",
            "get_terminal_output",
            "think",
            "runSubagent",
            "terminal_last_command",
            "terminal_selection",
            "get_errors",
            "report_intent")
        .tool(ToolKind.UNKNOWN, "run_notebook_cell", "run_task", "create_and_run_task", "runTests")
        // Windsurf
        .tool(ToolKind.SHELL, "run_command")
        .tool(ToolKind.READ, "view_file", "view_line_range", "view_file_outline")
        .tool(ToolKind.EDIT, "replace_file_content", "multi_replace_file_content")
        .tool(ToolKind.SEARCH, "find_by_name", "view_content_chunk")
        .tool(ToolKind.FETCH, "read_url_content")
        .tool(
            ToolKind.NONE,
            "command_status",
            "suggested_responses",
            "create_memory",
            "trajectory_search",
            "browser_preview",
            "todo_list",
            "notify_user",
            "task_boundary")
        // Amp, Goose, Anthropic's API
        .tool(ToolKind.FETCH, "read_web_page")
        .tool(ToolKind.NONE, "oracle", "todo_read", "mermaid", "librarian")
        .tool(ToolKind.UNKNOWN, "undo_edit", "computer", "finder")
        .tool(ToolKind.SHELL, "developer__shell")
        .tool(
            ToolKind.EDIT,
            "developer__text_editor",
            "text_editor",
            "str_replace_editor",
            "str_replace_based_edit_tool")
        .tool(ToolKind.UNKNOWN, "code_execution", "bash_code_execution", "memory");
  }
}
