
# What may stand behind an option: $1 is the name of its argument.
_pftop_value() {
	local kind=${1%%\[*} entry words=

	for entry in $_pftop_values; do
		[[ ${entry%%\|*} == $kind ]] && words=${entry#*\|}
	done
	case $kind in
	PID)
		_sequence _pids
		;;
	NAME)
		compadd -- ${(fu)"$(cat /proc/[1-9]*/comm 2>/dev/null)"}
		;;
	FILE | DIR | GLOB)
		_files
		;;
	*)
		if [[ -z $words ]]; then
			_message $1
		elif [[ $1 == *'[,'* ]]; then
			_values -s , $kind ${=words}
		else
			_values $kind ${=words}
		fi
		;;
	esac
}

_pftop_command_words() {
	_describe command '(${_pftop_commands//\|/:})'
}

_pftop() {
	local entry command=live i
	local -a fields specs

	for ((i = 2; i < CURRENT; i++)); do
		if [[ $words[i] == -- ]]; then
			words=("${(@)words[i + 1,-1]}")
			((CURRENT -= i))
			_normal
			return
		fi
		for entry in $_pftop_options; do
			fields=("${(@s:|:)entry}")
			[[ -n $fields[4] && ($words[i] == $fields[2] || $words[i] == $fields[3]) ]] &&
				((i++)) && continue 2
		done
		[[ $command == live && -n ${(M)_pftop_commands:#$words[i]\|*} ]] && command=$words[i]
	done
	for entry in $_pftop_options; do
		fields=("${(@s:|:)entry}")
		[[ $fields[1] == *" $command "* || ($command == live && $fields[1] == *' run '*) ]] ||
			continue
		entry="[${${fields[5]//\[/\\[}//\]/\\]}]"
		[[ -n $fields[4] ]] && entry+=":${fields[4]//:/\\:}: _pftop_value ${(q)fields[4]}"
		[[ -n $fields[2] ]] && specs+=("($fields[2] $fields[3])$fields[2]$entry")
		specs+=("($fields[2] $fields[3])$fields[3]${fields[4]:+=}$entry")
	done
	if [[ $command == live ]]; then
		specs+=('1: :_pftop_command_words')
	else
		specs+=('1:command:()')
	fi
	[[ $command == report ]] && specs+=('2:recording:_files')
	_arguments -s $specs
}

_pftop "$@"
